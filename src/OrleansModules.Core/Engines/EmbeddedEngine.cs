using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Explanations;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Tree;

namespace OrleansModules.Core.Engines;

/// <summary>The engine of one process: all layers in memory, a gate per scope in front of its owner.</summary>
/// <remarks>Call <see cref="StartAsync"/> before anything else, and run <see cref="FollowAsync"/> while it serves.</remarks>
public sealed class EmbeddedEngine(IScopeStore store, ModuleTree tree, WatchHub watches, Replica replica, FeedFollower follower, TimeProvider time) : IModuleEngine
{
    private static readonly EngineStatus Serving = new(CanRead: true, CanChange: true, null);

    private readonly ScopeGates _gates = new();
    private readonly TreeReads _reads = new(tree, watches, new ScopeLoader(store, tree, replica), follower, time);
    private readonly ScopeOwner _owner = new(store, tree, replica, follower, time);
    private volatile EngineStatus _status = new(CanRead: false, CanChange: false, "Loading.");

    /// <inheritdoc/>
    public EngineStatus Status => _status;

    /// <inheritdoc/>
    public TimeSpan? StaleFor => follower.IsStale ? follower.Age : null;

    /// <summary>Loads every layer from the store. The engine answers nothing before this ends.</summary>
    /// <exception cref="StoreException">The record cannot be read.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await follower.LoadAsync(cancellationToken);
        _status = Serving;
    }

    /// <summary>Takes in what other processes change, until it is cancelled.</summary>
    public Task FollowAsync(CancellationToken cancellationToken) => follower.RunAsync(Failed, Recovered, cancellationToken);

    /// <inheritdoc/>
    public bool TryRead(ScopeId scope, out ScopeView view) => tree.TryRead(scope, out view);

    /// <inheritdoc/>
    public bool TryReadVersion(ScopeId scope, out MapVersion version) => tree.TryReadVersion(scope, out version);

    /// <inheritdoc/>
    public ValueTask<ReadAnswer> ReadAsync(ScopeId scope, MapVersion? atLeast, TimeSpan patience, CancellationToken cancellationToken) => _reads.ReadAsync(scope, atLeast, patience, cancellationToken);

    /// <inheritdoc/>
    public Layer? FindLayer(ScopeId scope) => tree.FindLayer(scope);

    /// <inheritdoc/>
    public ValueTask<Layer?> ReadLayerAsync(ScopeId scope, CancellationToken cancellationToken) => _reads.ReadLayerAsync(scope, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Explanation?> ExplainAsync(ScopeId scope, string module, CancellationToken cancellationToken) => _reads.ExplainAsync(scope, module, cancellationToken);

    /// <inheritdoc/>
    public ScopeWatch Watch(ScopeId scope) => _reads.Watch(scope);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ChangeRecord>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken) => store.HistoryAsync(query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredLayer>> ListAsync(ScopeListQuery query, CancellationToken cancellationToken) => store.ListAsync(query, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ChangeAnswer> ChangeAsync(ChangeRequest request, CancellationToken cancellationToken)
    {
        using var gate = await _gates.EnterAsync(request.Scope, cancellationToken);

        // Creating a workspace holds its organization's gate too, so that the organization is not deleted meanwhile.
        var current = tree.FindLayer(request.Scope) ?? LayerFold.Empty(request.Scope);
        var orgId = ScopeOwner.OrgIdOf(request, current);
        var creates = request.Command is ScopeCommand.PutScope && current.IsDeleted && ScopeId.IsValidId(orgId);
        using var orgGate = creates ? await _gates.EnterAsync(ScopeId.Org(orgId!), cancellationToken) : null;
        try
        {
            var answer = await _owner.ChangeAsync(request, cancellationToken);
            if (answer is ChangeAnswer.Accepted { IsReplay: false })
            {
                _status = Serving;
            }

            return answer;
        }
        catch (StoreException e)
        {
            Failed(e);
            throw;
        }
    }

    private void Failed(StoreException e) => _status = new EngineStatus(CanRead: true, CanChange: false, e.Message) { Failure = e.Failure };

    // A store that can be read again after it was away takes changes too; a full one has to take one first.
    private void Recovered()
    {
        if (_status is { CanChange: false, Failure: StoreFailure.Unavailable })
        {
            _status = Serving;
        }
    }
}

using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Explanations;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Tree;
using OrleansModules.Grains.Contracts;
using OrleansModules.Grains.Wire;

namespace OrleansModules.Grains;

/// <summary>The engine of a silo: reads from the silo's replica, changes through the grain of the scope, wherever it is.</summary>
internal sealed class OrleansEngine(IScopeStore store, NodeServices node, TreeReads reads, ReadActivation activation, IGrainFactory grains, TimeProvider time) : IModuleEngine
{
    private static readonly EngineStatus Serving = new(CanRead: true, CanChange: true, null);

    private static readonly EngineStatus Leaving = new(CanRead: false, CanChange: false, "Leaving the cluster.");

    private static readonly TimeSpan RetryFor = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);

    private volatile bool _isLeaving;
    private volatile EngineStatus _status = new(CanRead: false, CanChange: false, "Loading.");

    /// <inheritdoc/>
    public EngineStatus Status => _isLeaving ? Leaving : _status;

    /// <inheritdoc/>
    public TimeSpan? StaleFor => node.Follower.IsStale ? node.Follower.Age : null;

    /// <summary>Loads what this silo is to hold and catches up with the feed.</summary>
    /// <exception cref="StoreException">The record cannot be read.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await node.Follower.LoadAsync(cancellationToken);
        await node.Follower.CatchUpAsync(cancellationToken);
        _status = Serving;
    }

    /// <summary>Says that this silo is not ready any more; it goes on serving until it stops.</summary>
    public void Leave() => _isLeaving = true;

    /// <summary>Follows the feed until it is cancelled.</summary>
    public Task FollowAsync(CancellationToken cancellationToken) => node.Follower.RunAsync(e => Failed(e.Message), Recovered, cancellationToken);

    /// <inheritdoc/>
    public bool TryRead(ScopeId scope, out ScopeView view)
    {
        var isThere = node.Tree.TryRead(scope, out view);
        if (isThere)
        {
            activation.WasRead(scope);
        }

        return isThere;
    }

    /// <inheritdoc/>
    public bool TryReadVersion(ScopeId scope, out MapVersion version) => node.Tree.TryReadVersion(scope, out version);

    /// <inheritdoc/>
    public async ValueTask<ReadAnswer> ReadAsync(ScopeId scope, MapVersion? atLeast, TimeSpan patience, CancellationToken cancellationToken)
    {
        var answer = await reads.ReadAsync(scope, atLeast, patience, cancellationToken);
        if (answer.Status != ReadStatus.NotFound)
        {
            activation.WasRead(scope);
        }

        return answer;
    }

    /// <inheritdoc/>
    public Layer? FindLayer(ScopeId scope) => node.Tree.FindLayer(scope);

    /// <inheritdoc/>
    public ValueTask<Layer?> ReadLayerAsync(ScopeId scope, CancellationToken cancellationToken) => reads.ReadLayerAsync(scope, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Explanation?> ExplainAsync(ScopeId scope, string module, CancellationToken cancellationToken) => reads.ExplainAsync(scope, module, cancellationToken);

    /// <inheritdoc/>
    public ScopeWatch Watch(ScopeId scope) => reads.Watch(scope);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ChangeRecord>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken) => store.HistoryAsync(query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredLayer>> ListAsync(ScopeListQuery query, CancellationToken cancellationToken) => store.ListAsync(query, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ChangeAnswer> ChangeAsync(ChangeRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var answer = ChangeWire.FromMessage(await CallAsync(request, cancellationToken));
            if (answer is ChangeAnswer.Accepted accepted)
            {
                await node.SeeAsync(accepted.Record, cancellationToken);
                _status = accepted.IsReplay ? _status : Serving;
            }

            return answer;
        }
        catch (StoreException e)
        {
            Failed(e.Message);
            throw;
        }
    }

    /// <summary>Calls the scope's grain. A request that has a name is sent again while silos come and go: it cannot be made twice.</summary>
    private async Task<AnswerMessage> CallAsync(ChangeRequest request, CancellationToken cancellationToken)
    {
        node.Tree.TryRead(ParentOf(request.Scope), out var parent);
        var message = ChangeWire.ToMessage(request, parent.Version, node.RevisionOf(request.Scope));
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await ReadActivation.GrainOf(grains, request.Scope).Change(message).WaitAsync(cancellationToken);
            }
            catch (Exception e) when (e is TimeoutException or OrleansException)
            {
                if (request.OperationId is null || time.GetElapsedTime(started) > RetryFor)
                {
                    throw new StoreException(StoreFailure.Unavailable, $"The owner of {request.Scope} did not answer; the change may have been made.", e, outcomeUnknown: true);
                }

                await Task.Delay(RetryPause, time, cancellationToken);
            }
        }
    }

    private ScopeId ParentOf(ScopeId scope) =>
        scope.Kind == ScopeKind.Workspace && (node.Tree.FindLayer(scope) as ScopeLayer)?.OrgId is { } org && node.Tree.TryRead(ScopeId.Org(org), out _)
            ? ScopeId.Org(org)
            : ScopeId.System;

    private void Failed(string problem) => _status = new EngineStatus(CanRead: true, CanChange: false, problem);

    private void Recovered()
    {
        if (_status is { CanRead: true, CanChange: false })
        {
            _status = Serving;
        }
    }
}

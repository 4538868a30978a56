using OrleansModules.Core.Access;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Engines.Conformance;

namespace OrleansModules.Grains.Tests.Hosting;

/// <summary>The store of a cluster that serves one test after another: each test brings its own.</summary>
internal sealed class SharedStore : IScopeStore, IFeedSource
{
    private volatile IScopeStore _store = new MemoryScopeStore();

    public void Use(IScopeStore store) => _store = store;

    public ValueTask<FeedHead> HeadAsync(CancellationToken cancellationToken) => _store.HeadAsync(cancellationToken);

    public ValueTask<long> RaiseEpochAsync(string reason, CancellationToken cancellationToken) => _store.RaiseEpochAsync(reason, cancellationToken);

    public IAsyncEnumerable<StoredLayer> LoadAllAsync(CancellationToken cancellationToken) => _store.LoadAllAsync(cancellationToken);

    public ValueTask<IReadOnlyList<StoredLayer>> LoadAsync(IReadOnlyCollection<ScopeId> scopes, CancellationToken cancellationToken) => _store.LoadAsync(scopes, cancellationToken);

    public ValueTask<AppendResult> AppendAsync(ChangeRecord change, Layer after, ChangeIdentity? identity, CancellationToken cancellationToken) => _store.AppendAsync(change, after, identity, cancellationToken);

    public ValueTask<ChangeRecord?> FindOperationAsync(string operationId, CancellationToken cancellationToken) => _store.FindOperationAsync(operationId, cancellationToken);

    public ValueTask<IReadOnlyList<ChangeRecord>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken) => _store.HistoryAsync(query, cancellationToken);

    public ValueTask<IReadOnlyList<ChangeRecord>> FeedAsync(long after, int limit, CancellationToken cancellationToken) => _store.FeedAsync(after, limit, cancellationToken);

    public ValueTask<IReadOnlyList<StoredLayer>> ListAsync(ScopeListQuery query, CancellationToken cancellationToken) => _store.ListAsync(query, cancellationToken);

    /// <summary>Gives no hints: what reaches a silo was pushed, or asked for.</summary>
    public async ValueTask WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) =>
        await new TaskCompletionSource().Task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

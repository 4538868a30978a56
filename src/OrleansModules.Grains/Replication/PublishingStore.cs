using OrleansModules.Core.Access;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Stores;

namespace OrleansModules.Grains.Replication;

/// <summary>The record as the owners of scopes see it: what they commit goes out to all other silos at once.</summary>
internal sealed class PublishingStore(IScopeStore store, Replica replica, Pusher pusher) : IScopeStore
{
    public ValueTask<FeedHead> HeadAsync(CancellationToken cancellationToken) => store.HeadAsync(cancellationToken);

    public ValueTask<long> RaiseEpochAsync(string reason, CancellationToken cancellationToken) => store.RaiseEpochAsync(reason, cancellationToken);

    public IAsyncEnumerable<StoredLayer> LoadAllAsync(CancellationToken cancellationToken) => store.LoadAllAsync(cancellationToken);

    public ValueTask<IReadOnlyList<StoredLayer>> LoadAsync(IReadOnlyCollection<Core.Scopes.ScopeId> scopes, CancellationToken cancellationToken) => store.LoadAsync(scopes, cancellationToken);

    public async ValueTask<AppendResult> AppendAsync(ChangeRecord change, Layer after, ChangeIdentity? identity, CancellationToken cancellationToken)
    {
        var epoch = replica.Epoch;
        var result = await store.AppendAsync(change, after, identity, cancellationToken);
        if (result is AppendResult.Committed committed)
        {
            pusher.Push(epoch, committed.Record, after);
        }

        return result;
    }

    public ValueTask<ChangeRecord?> FindOperationAsync(string operationId, CancellationToken cancellationToken) => store.FindOperationAsync(operationId, cancellationToken);

    public ValueTask<IReadOnlyList<ChangeRecord>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken) => store.HistoryAsync(query, cancellationToken);

    public ValueTask<IReadOnlyList<ChangeRecord>> FeedAsync(long after, int limit, CancellationToken cancellationToken) => store.FeedAsync(after, limit, cancellationToken);

    public ValueTask<IReadOnlyList<StoredLayer>> ListAsync(ScopeListQuery query, CancellationToken cancellationToken) => store.ListAsync(query, cancellationToken);

    /// <summary>Leaves the store to who opened it.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

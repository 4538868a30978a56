using System.Runtime.CompilerServices;
using OrleansModules.Core.Access;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Bench.Tree;

/// <summary>A store that keeps nothing, so that what is measured is the tree alone.</summary>
internal sealed class DiscardingStore : IScopeStore
{
    private long _head;

    public ValueTask<FeedHead> HeadAsync(CancellationToken cancellationToken) => ValueTask.FromResult(new FeedHead(0, _head));

    public ValueTask<long> RaiseEpochAsync(string reason, CancellationToken cancellationToken) => throw new NotSupportedException();

    public async IAsyncEnumerable<StoredLayer> LoadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        yield break;
    }

    public ValueTask<IReadOnlyList<StoredLayer>> LoadAsync(IReadOnlyCollection<ScopeId> scopes, CancellationToken cancellationToken) => Nothing<StoredLayer>();

    public ValueTask<AppendResult> AppendAsync(ChangeRecord change, Layer after, ChangeIdentity? identity, CancellationToken cancellationToken) =>
        ValueTask.FromResult<AppendResult>(new AppendResult.Committed(change with { Position = ++_head }));

    public ValueTask<ChangeRecord?> FindOperationAsync(string operationId, CancellationToken cancellationToken) => ValueTask.FromResult<ChangeRecord?>(null);

    public ValueTask<IReadOnlyList<ChangeRecord>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken) => Nothing<ChangeRecord>();

    public ValueTask<IReadOnlyList<ChangeRecord>> FeedAsync(long after, int limit, CancellationToken cancellationToken) => Nothing<ChangeRecord>();

    public ValueTask<IReadOnlyList<StoredLayer>> ListAsync(ScopeListQuery query, CancellationToken cancellationToken) => Nothing<StoredLayer>();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static ValueTask<IReadOnlyList<T>> Nothing<T>() => ValueTask.FromResult<IReadOnlyList<T>>([]);
}

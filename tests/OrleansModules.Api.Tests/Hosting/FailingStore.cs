using OrleansModules.Core.Access;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Api.Tests.Hosting;

/// <summary>A store whose appends fail while a failure is set.</summary>
internal class FailingStore(IScopeStore store) : IScopeStore
{
    private int _appends;

    /// <summary>What appends throw; null lets them through.</summary>
    public StoreException? Failure { get; set; }

    /// <summary>Whom no append is allowed; null refuses nobody.</summary>
    public string? Refused { get; set; }

    /// <summary>How many appends were asked for.</summary>
    public int Appends => Volatile.Read(ref _appends);

    public ValueTask<AppendResult> AppendAsync(ChangeRecord change, Layer after, ChangeIdentity? identity, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _appends);
        if (Refused is not null && Refused.Equals(identity?.Subject, StringComparison.Ordinal))
        {
            return ValueTask.FromResult<AppendResult>(new AppendResult.Refused());
        }

        return Failure is { } failure ? ValueTask.FromException<AppendResult>(failure) : store.AppendAsync(change, after, identity, cancellationToken);
    }

    public ValueTask<FeedHead> HeadAsync(CancellationToken cancellationToken) => store.HeadAsync(cancellationToken);

    public ValueTask<long> RaiseEpochAsync(string reason, CancellationToken cancellationToken) => store.RaiseEpochAsync(reason, cancellationToken);

    public IAsyncEnumerable<StoredLayer> LoadAllAsync(CancellationToken cancellationToken) => store.LoadAllAsync(cancellationToken);

    public ValueTask<IReadOnlyList<StoredLayer>> LoadAsync(IReadOnlyCollection<ScopeId> scopes, CancellationToken cancellationToken) => store.LoadAsync(scopes, cancellationToken);

    public ValueTask<ChangeRecord?> FindOperationAsync(string operationId, CancellationToken cancellationToken) => store.FindOperationAsync(operationId, cancellationToken);

    public ValueTask<IReadOnlyList<ChangeRecord>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken) => store.HistoryAsync(query, cancellationToken);

    public ValueTask<IReadOnlyList<ChangeRecord>> FeedAsync(long after, int limit, CancellationToken cancellationToken) => store.FeedAsync(after, limit, cancellationToken);

    public ValueTask<IReadOnlyList<StoredLayer>> ListAsync(ScopeListQuery query, CancellationToken cancellationToken) => store.ListAsync(query, cancellationToken);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}

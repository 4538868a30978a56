using System.Runtime.CompilerServices;
using OrleansModules.Core.Access;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Engines.Conformance;

/// <summary>A store in memory that several engines can share and that can be told to fail or to wait; for tests of engines only.</summary>
public sealed class MemoryScopeStore : IScopeStore, IFeedSource
{
    private readonly Lock _gate = new();
    private readonly List<ChangeRecord> _feed = [];
    private readonly Dictionary<ScopeId, Layer> _layers = [];
    private readonly SemaphoreSlim _moved = new(0);
    private int _waits;

    /// <summary>Thrown by the next appends; null lets them through.</summary>
    public StoreException? Failure { get; set; }

    /// <summary>Thrown by every read of the feed and its head; null lets them through.</summary>
    public StoreException? FeedFailure { get; set; }

    /// <summary>The epoch of the record.</summary>
    public long Epoch { get; set; }

    /// <summary>Told how many times a follower has begun to wait, each time it does; nobody waits for less than a hint here.</summary>
    public Action<int>? Waiting { get; set; }

    /// <summary>How many records were read from the feed.</summary>
    public int FeedReads { get; private set; }

    /// <summary>Awaited by every append before it commits; null does not wait.</summary>
    public Func<ChangeRecord, Task>? BeforeCommit { get; set; }

    /// <summary>Awaited by every read of the head; null does not wait.</summary>
    public Func<Task>? BeforeHead { get; set; }

    /// <summary>Every committed change, in order.</summary>
    public IReadOnlyList<ChangeRecord> Committed
    {
        get
        {
            lock (_gate)
            {
                return [.. _feed];
            }
        }
    }

    /// <summary>Commits the creation of an organization, or of a workspace of one, as if another process had made it.</summary>
    public async Task CreateAsync(ScopeId scope, string? orgId)
    {
        var change = new ChangeRecord
        {
            Scope = scope,
            Revision = 1,
            Kind = ChangeKind.ScopeCreated,
            Version = new MapVersion(scope.Kind, 0, 1, orgId is null ? 0 : 1),
            At = DateTime.UnixEpoch,
            Actor = "tester",
            Properties = new(scope.Id, orgId, IsDeleted: false, null),
        };
        Assert.IsType<AppendResult.Committed>(await AppendAsync(change, LayerFold.Apply(null, change), null, default));
    }

    public async ValueTask<FeedHead> HeadAsync(CancellationToken cancellationToken)
    {
        if (BeforeHead is { } before)
        {
            await before();
        }

        return FeedFailure is { } failure ? throw failure : new FeedHead(Epoch, Committed.Count);
    }

    public ValueTask<long> RaiseEpochAsync(string reason, CancellationToken cancellationToken) => ValueTask.FromResult(++Epoch);

    public async IAsyncEnumerable<StoredLayer> LoadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        List<StoredLayer> all;
        lock (_gate)
        {
            all = [.. _layers.OrderBy(l => l.Key.Kind).Select(l => new StoredLayer(l.Key, l.Value))];
        }

        foreach (var stored in all)
        {
            yield return stored;
        }
    }

    public ValueTask<IReadOnlyList<StoredLayer>> LoadAsync(IReadOnlyCollection<ScopeId> scopes, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<StoredLayer>>([.. scopes.Where(_layers.ContainsKey).Select(s => new StoredLayer(s, _layers[s]))]);
        }
    }

    public async ValueTask<AppendResult> AppendAsync(ChangeRecord change, Layer after, ChangeIdentity? identity, CancellationToken cancellationToken)
    {
        if (BeforeCommit is { } wait)
        {
            await wait(change);
        }

        lock (_gate)
        {
            if (Failure is { } failure)
            {
                throw failure;
            }

            if (change.OperationId is { } id && _feed.Find(r => r.OperationId == id) is { } first)
            {
                return new AppendResult.Repeated(first);
            }

            var revision = _layers.TryGetValue(change.Scope, out var layer) ? layer.Revision : 0;
            if (revision != change.Revision - 1)
            {
                return new AppendResult.Conflict(revision);
            }

            var record = change with { Position = _feed.Count + 1 };
            _feed.Add(record);
            _layers[change.Scope] = after;
            return new AppendResult.Committed(record);
        }
    }

    public ValueTask<ChangeRecord?> FindOperationAsync(string operationId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Committed.FirstOrDefault(r => r.OperationId == operationId));

    public ValueTask<IReadOnlyList<ChangeRecord>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<ChangeRecord>>([.. Committed.Reverse()
            .Where(r => r.Scope == query.Scope && (query.Before is null || r.Revision < query.Before) && (query.Module is null || r.Touches(query.Module)))
            .Take(query.Limit)]);

    public ValueTask<IReadOnlyList<ChangeRecord>> FeedAsync(long after, int limit, CancellationToken cancellationToken)
    {
        IReadOnlyList<ChangeRecord> read = [.. Committed.Where(r => r.Position > after).Take(limit)];
        FeedReads += read.Count;
        return FeedFailure is { } failure ? throw failure : ValueTask.FromResult(read);
    }

    public async ValueTask WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        Waiting?.Invoke(++_waits);
        await _moved.WaitAsync(cancellationToken);
    }

    /// <summary>Loses every change after a position, as a backup that is restored does.</summary>
    public void GoBackTo(int position)
    {
        lock (_gate)
        {
            _feed.RemoveRange(position, _feed.Count - position);
            _layers.Clear();
            foreach (var change in _feed)
            {
                _layers[change.Scope] = LayerFold.Apply(_layers.GetValueOrDefault(change.Scope), change);
            }
        }
    }

    /// <summary>Wakes one follower.</summary>
    public void Hint() => _moved.Release();

    public ValueTask<IReadOnlyList<StoredLayer>> ListAsync(ScopeListQuery query, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult<IReadOnlyList<StoredLayer>>([.. _layers
                .Where(l => l.Key.Kind == query.Kind && !l.Value.IsDeleted && (query.OrgId is null || ((ScopeLayer)l.Value).OrgId == query.OrgId)
                    && (query.After is null || string.CompareOrdinal(l.Key.Id, query.After) > 0))
                .OrderBy(l => l.Key.Id, StringComparer.Ordinal).Take(query.Limit).Select(l => new StoredLayer(l.Key, l.Value))]);
        }
    }

    public ValueTask DisposeAsync()
    {
        _moved.Dispose();
        return ValueTask.CompletedTask;
    }
}

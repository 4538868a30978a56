using System.Runtime.CompilerServices;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Replication;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;
using OrleansModules.Core.Tree;

namespace OrleansModules.Core.Engines;

/// <summary>Keeps a node's replica up to date with the record: loads it, then takes in what other processes change.</summary>
/// <remarks>
/// Where the store is no <see cref="IFeedSource"/> this process alone writes to it, and there is nothing to follow. Safe for
/// concurrent use. A layer gets there only when it is durable, and never moves it back, so a change may be taken in twice.
/// </remarks>
public sealed class FeedFollower(IScopeStore store, Replica replica, TimeProvider time, FollowOptions options) : IDisposable
{
    private const int PageSize = 1000;

    private readonly IFeedSource? _source = store as IFeedSource;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _confirmedAt;
    private long _head;
    private long _looks;

    /// <summary>The last position up to which every change is in memory.</summary>
    public long Position => replica.Position;

    /// <summary>How many changes of the feed, as far as this node has heard, are not in memory.</summary>
    public long Lag => Math.Max(0, Math.Max(Interlocked.Read(ref _head), replica.Heard) - replica.Position);

    /// <summary>Whether the record did not confirm for longer than the lease that what is in memory is current.</summary>
    public bool IsStale => _source is not null && time.GetElapsedTime(Interlocked.Read(ref _confirmedAt)) > options.FreshnessLease;

    /// <summary>How long ago the record last confirmed what is in memory; zero where nobody else writes to it.</summary>
    public TimeSpan Age => _source is null ? TimeSpan.Zero : time.GetElapsedTime(Interlocked.Read(ref _confirmedAt));

    /// <summary>How often the record was asked whether there is more: at intervals, for hints, and for reads of a version that is not here.</summary>
    public long Looks => Interlocked.Read(ref _looks);

    /// <summary>Loads every layer that the node is to hold.</summary>
    /// <exception cref="StoreException">The record cannot be read.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        // The head first: what is committed while the layers are read is read again from the feed.
        var asked = time.GetTimestamp();
        var head = await store.HeadAsync(cancellationToken);
        replica.BeginReload();
        var fresh = new ModuleTree(checked((int)head.Epoch));
        await foreach (var (scope, layer) in replica.HoldsAll ? store.LoadAllAsync(cancellationToken) : LoadAsync([ScopeId.System, .. replica.Held], cancellationToken))
        {
            fresh.Apply(scope, layer);
        }

        replica.StartAt(head, fresh);
        Interlocked.Exchange(ref _confirmedAt, asked);
    }

    /// <summary>Takes in everything that is in the record now. Concurrent calls share the work of one.</summary>
    /// <exception cref="StoreException">The record cannot be read; what was taken in before stays.</exception>
    public async ValueTask CatchUpAsync(CancellationToken cancellationToken)
    {
        if (_source is null)
        {
            return;
        }

        var arrived = time.GetTimestamp();
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (Interlocked.Read(ref _confirmedAt) > arrived)
            {
                return; // by a look that began while this one waited
            }

            Interlocked.Increment(ref _looks);
            var asked = time.GetTimestamp();
            var head = await store.HeadAsync(cancellationToken);
            if (head.Epoch != replica.Epoch)
            {
                await LoadAsync(cancellationToken); // restored from a backup: what is in memory may be of changes that the record lost
            }

            Interlocked.Exchange(ref _head, head.Position);
            while (replica.Position < head.Position)
            {
                var before = replica.Position;
                await TakeInAsync(await store.FeedAsync(before, PageSize, cancellationToken), cancellationToken);
                if (replica.Position == before)
                {
                    return; // the record was restored from a backup meanwhile: the next look sees its new epoch
                }
            }

            Interlocked.Exchange(ref _confirmedAt, asked);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Follows until it is cancelled.</summary>
    /// <param name="failed">Told of each failure to read the record; the next look follows after the poll interval.</param>
    /// <param name="caughtUp">Told of each look that succeeded.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Action<StoreException> failed, Action caughtUp, CancellationToken cancellationToken)
    {
        while (_source is not null && !cancellationToken.IsCancellationRequested)
        {
            try
            {
                await _source.WaitAsync(options.PollInterval, cancellationToken);
                await CatchUpAsync(cancellationToken);
                caughtUp();
            }
            catch (StoreException e)
            {
                failed(e);
                await Task.Delay(options.PollInterval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async ValueTask TakeInAsync(IReadOnlyList<ChangeRecord> changes, CancellationToken cancellationToken)
    {
        if (replica.TakeIn(changes) is { Count: > 0 } behind)
        {
            await foreach (var (scope, layer) in LoadAsync(behind, cancellationToken))
            {
                replica.Mend(scope, layer);
            }

            replica.TakeIn(changes);
        }
    }

    private async IAsyncEnumerable<StoredLayer> LoadAsync(IReadOnlyCollection<ScopeId> scopes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var some in scopes.Chunk(PageSize))
        {
            foreach (var stored in await store.LoadAsync(some, cancellationToken))
            {
                yield return stored;
            }
        }
    }
}

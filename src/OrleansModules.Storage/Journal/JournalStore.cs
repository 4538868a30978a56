using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OrleansModules.Core.Access;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Journal;

/// <summary>A scope store in files of one directory, for one process: all layers in memory, every change in a journal.</summary>
/// <remarks>
/// <para>
/// An append returns after its change was flushed to the disk; changes that wait at the same time share one flush. What readers see is
/// durable. The files and what happens to them at start are described in <c>docs/journal.md</c>.
/// </para>
/// <para>
/// After a failed flush the store takes no changes until it is opened again (<see cref="StoreFailure.Unavailable"/>); reads go on.
/// When there is no room (<see cref="StoreFailure.Full"/>), every later append tries anew. Disposing finishes what was appended.
/// </para>
/// </remarks>
public sealed class JournalStore : IScopeStore
{
    private const int MostWaiting = 8192;
    private const int LongestPage = 1000;

    private readonly Channel<PendingAppend> _appends = Channel.CreateBounded<PendingAppend>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly DirectoryLock _lock;
    private readonly EpochFile _epoch;
    private readonly JournalState _state;
    private readonly JournalReader _reader;
    private readonly JournalTail _tail;
    private readonly JournalWriter _writer;
    private readonly SnapshotKeeper _snapshots;
    private readonly Task _writing;
    private bool _isDisposed;

    private JournalStore(JournalOptions options, DirectoryLock directoryLock, EpochFile epoch, JournalState state, IJournalFiles files, JournalTail tail, SnapshotKeeper snapshots, ILogger logger)
    {
        (_lock, _epoch, _state, _tail, _snapshots) = (directoryLock, epoch, state, tail, snapshots);
        _reader = new JournalReader(files);
        _writer = new JournalWriter(tail, state, snapshots, options.SegmentBytes, logger);
        _writing = Task.Factory.StartNew(() => _writer.Run(_appends.Reader), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Ends when no snapshot is being made.</summary>
    internal Task SnapshotRunning => _snapshots.Running;

    /// <summary>Opens the store, creating it when absent, and reads what is there.</summary>
    /// <param name="options">The settings; not used after the call.</param>
    /// <param name="time">Decides when operation ids are forgotten.</param>
    /// <param name="logger">Receives what an operator should know.</param>
    /// <param name="cancellationToken">Gives up; nothing was changed.</param>
    /// <exception cref="StoreException">
    /// <see cref="StoreFailure.Misconfigured"/>: a setting is out of its range, or the directory cannot be created or written.
    /// <see cref="StoreFailure.InUse"/>: another process has the directory. <see cref="StoreFailure.Corrupt"/>: a file is damaged, named
    /// with the offset. <see cref="StoreFailure.Unavailable"/>, <see cref="StoreFailure.Full"/>: the disk failed.
    /// </exception>
    public static Task<JournalStore> OpenAsync(JournalOptions options, TimeProvider time, ILogger<JournalStore> logger, CancellationToken cancellationToken) =>
        OpenAsync(options, time, logger, new DiskFiles(), cancellationToken);

    /// <inheritdoc cref="OpenAsync(JournalOptions, TimeProvider, ILogger{JournalStore}, CancellationToken)"/>
    internal static Task<JournalStore> OpenAsync(JournalOptions options, TimeProvider time, ILogger<JournalStore> logger, IJournalFiles files, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        return Task.Run(() => Open(options, time, logger, files, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<FeedHead> HeadAsync(CancellationToken cancellationToken) => ValueTask.FromResult(new FeedHead(_epoch.Value, _state.Head));

    /// <inheritdoc/>
    public ValueTask<long> RaiseEpochAsync(string reason, CancellationToken cancellationToken)
    {
        try
        {
            return ValueTask.FromResult(_epoch.Raise(reason));
        }
        catch (Exception e) when (StoreErrors.IsFileFailure(e))
        {
            throw StoreErrors.NotWritten(e);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredLayer> LoadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask; // All is in memory; other stores have to wait.
        cancellationToken.ThrowIfCancellationRequested();
        var copy = _state.Copy();
        if (copy.System.Layer is { } system)
        {
            yield return new StoredLayer(ScopeId.System, system);
        }

        // An entry that is in the state has a layer.
        foreach (var (id, entry) in copy.Orgs)
        {
            yield return new StoredLayer(ScopeId.Org(id), entry.Layer!);
        }

        foreach (var (id, entry) in copy.Workspaces)
        {
            yield return new StoredLayer(ScopeId.Workspace(id), entry.Layer!);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredLayer>> LoadAsync(IReadOnlyCollection<ScopeId> scopes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        return ValueTask.FromResult<IReadOnlyList<StoredLayer>>(_state.Load(scopes));
    }

    /// <inheritdoc/>
    public async ValueTask<AppendResult> AppendAsync(ChangeRecord change, Layer after, ChangeIdentity? identity, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(after);
        if (after.Revision != change.Revision || (change.Scope.Kind == ScopeKind.System) != (after is SystemLayer))
        {
            throw new ArgumentException($"The layer is not that of {change.Scope} after revision {change.Revision}.", nameof(after));
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (_writer.Fault is { } fault)
        {
            throw StoreErrors.Faulted(fault, outcomeUnknown: false);
        }

        var append = new PendingAppend(change, after);
        try
        {
            await _appends.Writer.WriteAsync(append, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw StoreErrors.Closed();
        }

        var outcome = await append.Task;
        return outcome.Kind switch
        {
            AppendOutcomeKind.Committed => new AppendResult.Committed(change with { Position = outcome.Number }),
            AppendOutcomeKind.Repeated => new AppendResult.Repeated(_reader.ReadAt(_state.View, outcome.Number)),
            _ => new AppendResult.Conflict(outcome.Number),
        };
    }

    /// <inheritdoc/>
    public ValueTask<ChangeRecord?> FindOperationAsync(string operationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(operationId);
        return ValueTask.FromResult(_state.FindOperation(operationId) is { } found ? _reader.ReadAt(found.View, found.Address) : null);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ChangeRecord>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        CheckLimit(query.Limit, LongestPage + 1);
        var (entry, view) = _state.FindWithView(query.Scope);
        return ValueTask.FromResult<IReadOnlyList<ChangeRecord>>(_reader.History(view, entry.HeadAddress, query, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ChangeRecord>> FeedAsync(long after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        CheckLimit(limit, LongestPage);
        if (after >= _state.Head)
        {
            return ValueTask.FromResult<IReadOnlyList<ChangeRecord>>([]);
        }

        var (address, view) = _state.Locate(after + 1);
        return ValueTask.FromResult<IReadOnlyList<ChangeRecord>>(_reader.Feed(view, address, after, limit, cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredLayer>> ListAsync(ScopeListQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        CheckLimit(query.Limit, LongestPage + 1);
        if (query.Kind == ScopeKind.System)
        {
            throw new ArgumentException("There is one system scope; organizations or workspaces can be listed.", nameof(query));
        }

        return ValueTask.FromResult<IReadOnlyList<StoredLayer>>(_state.List(query));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _appends.Writer.TryComplete();
        await _writing;
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        await _snapshots.DisposeAsync();
        _tail.Dispose();
        _lock.Dispose();
    }

    private static JournalStore Open(JournalOptions options, TimeProvider time, ILogger logger, IJournalFiles files, CancellationToken cancellationToken)
    {
        options.Validate();
        var started = time.GetTimestamp();
        var directory = Path.GetFullPath(options.DataDirectory);
        var directoryLock = DirectoryLock.Take(directory);
        try
        {
            foreach (var unfinished in Directory.EnumerateFiles(directory, "*" + SnapshotName.UnfinishedExtension))
            {
                files.Delete(unfinished);
            }

            var epoch = new EpochFile(directory, files, time);
            var state = new JournalState(time, options.IdempotencyRetention);
            var recovery = new JournalRecovery(directory, files, state, logger);
            var tail = recovery.Recover(cancellationToken);
            var snapshots = new SnapshotKeeper(directory, files, time, options.SnapshotEveryBytes, logger);
            snapshots.BeginAt(recovery.SnapshotAddress);
            JournalLog.Opened(logger, directory, state.Head, state.View.Segments.Length, recovery.Replayed, (long)time.GetElapsedTime(started).TotalMilliseconds);
            return new JournalStore(options, directoryLock, epoch, state, files, tail, snapshots, logger);
        }
        catch (Exception e)
        {
            directoryLock.Dispose();
            if (StoreErrors.IsFileFailure(e))
            {
                throw StoreErrors.IsFull(e) ? StoreErrors.NotWritten(e) : StoreErrors.Unreadable(e);
            }

            throw;
        }
    }

    private static void CheckLimit(int limit, int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, most);
    }
}

using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Journal;

/// <summary>The store of one process: an append-only journal in files. <c>docs/journal.md</c> has the format.</summary>
/// <remarks>Safe for concurrent use. Layers are held in memory, changes are read back from the files.</remarks>
public sealed class JournalStore : IScopeStore
{
    private readonly DirectoryLock _lock;
    private readonly JournalState _state;
    private readonly Segments _segments;
    private readonly Snapshots _snapshots;
    private readonly JournalWriter _writer;
    private readonly JournalOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private Task _snapshot = Task.CompletedTask;
    private long _snapshotEnd;

    private JournalStore(
        DirectoryLock @lock, JournalState state, Segments segments, Snapshots snapshots, long snapshotEnd, JournalOptions options, Func<string, ISegmentFile> openFile, TimeProvider time, ILogger logger)
    {
        (_lock, _state, _segments, _snapshots, _options, _time, _logger) = (@lock, state, segments, snapshots, options, time, logger);
        _snapshotEnd = snapshotEnd;
        _writer = new JournalWriter(state, segments, options, openFile, SnapshotIfDue, logger);
    }

    /// <summary>Opens the journal in a directory, which is created if need be.</summary>
    /// <param name="options">Settings, validated.</param>
    /// <param name="time">Counts the age of operation ids.</param>
    /// <param name="logger">Receives what operators should know.</param>
    /// <param name="cancellationToken">Ends the wait; what was opened is closed.</param>
    /// <exception cref="StoreException">
    /// The directory cannot be written or is in use, or the journal is damaged; the message names directory, file and offset.
    /// </exception>
    public static Task<JournalStore> OpenAsync(JournalOptions options, TimeProvider time, ILogger<JournalStore> logger, CancellationToken cancellationToken) =>
        OpenAsync(options, SegmentFile.Open, time, logger, cancellationToken);

    /// <summary>Opens a journal on files that a test can make fail.</summary>
    internal static Task<JournalStore> OpenAsync(
        JournalOptions options, Func<string, ISegmentFile> openFile, TimeProvider time, ILogger<JournalStore> logger, CancellationToken cancellationToken) =>
        Task.Run(() => Open(options, openFile, time, logger), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> HeadAsync(CancellationToken cancellationToken) => ValueTask.FromResult(_state.Position);

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredLayer> LoadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var (scope, layer, _) in _state.Copy().Layers)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new StoredLayer(scope, layer);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredLayer>> LoadAsync(IReadOnlyCollection<ScopeId> scopes, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<StoredLayer>>(
            [.. scopes.Select(s => new StoredLayer(s, _state.Find(s).Layer)).Where(s => s.Layer is { Revision: > 0 })]);

    /// <inheritdoc/>
    public async ValueTask<AppendResult> AppendAsync(ChangeRecord change, Layer after, CancellationToken cancellationToken) =>
        await _writer.AppendAsync(change, after, cancellationToken) switch
        {
            WriteResult.Committed committed => new AppendResult.Committed(committed.Record),
            WriteResult.Repeated repeated => new AppendResult.Repeated(_segments.Read(repeated.Address).Record),
            WriteResult.Conflict conflict => new AppendResult.Conflict(conflict.Revision),
            var other => throw new UnreachableException($"Unknown result {other}."),
        };

    /// <inheritdoc/>
    public ValueTask<ChangeRecord?> FindOperationAsync(string operationId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_state.FindOperation(operationId) is { } address ? _segments.Read(address).Record : null);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ChangeRecord>> HistoryAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        var found = new List<ChangeRecord>();
        for (var address = _state.Find(query.Scope).Head; address != JournalEntry.None && found.Count < query.Limit;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var entry = _segments.Read(address);
            if ((query.Before is not { } before || entry.Record.Revision < before) && (query.Module is not { } module || entry.Record.Touches(module)))
            {
                found.Add(entry.Record);
            }

            address = entry.Previous;
        }

        return ValueTask.FromResult<IReadOnlyList<ChangeRecord>>(found);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ChangeRecord>> FeedAsync(long after, int limit, CancellationToken cancellationToken)
    {
        var found = new List<ChangeRecord>();
        var end = _state.End;
        var from = Math.Max(_state.AddressNear(after + 1) ?? 0, _segments.All.FindLast(s => s.FirstPosition <= after + 1)?.Base ?? 0);
        foreach (var segment in _segments.All.Where(s => s.Base <= end))
        {
            var length = Math.Min(RandomAccess.GetLength(segment.Handle), end - segment.Base);
            if (segment.Base + length <= from || found.Count >= limit)
            {
                continue;
            }

            var scanner = new LineScanner(segment.Handle, Math.Max(from - segment.Base, 0), length);
            while (found.Count < limit && scanner.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (scanner.Offset > 0 && Parse(segment, scanner) is var record && record.Position > after)
                {
                    found.Add(record);
                }
            }
        }

        return ValueTask.FromResult<IReadOnlyList<ChangeRecord>>(found);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredLayer>> ListAsync(ScopeListQuery query, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<StoredLayer>>(_state.List(query));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _snapshot;
        _segments.Dispose();
        _lock.Dispose();
    }

    private static JournalStore Open(JournalOptions options, Func<string, ISegmentFile> openFile, TimeProvider time, ILogger<JournalStore> logger)
    {
        var started = time.GetTimestamp();
        var @lock = DirectoryLock.Take(options.DataDirectory);
        var segments = new Segments(options.DataDirectory);
        try
        {
            var state = new JournalState(options.IdempotencyRetention, time);
            var snapshots = new Snapshots(options.DataDirectory, logger);
            var recovery = new JournalRecovery(segments, snapshots, state, logger);
            recovery.Run();
            var store = new JournalStore(@lock, state, segments, snapshots, recovery.SnapshotEnd, options, openFile, time, logger);
            JournalLog.Opened(logger, options.DataDirectory, state.Position, state.Copy().Layers.Count, recovery.Replayed, (long)time.GetElapsedTime(started).TotalMilliseconds);
            return store;
        }
        catch (Exception e)
        {
            segments.Dispose();
            @lock.Dispose();
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new StoreException(
                    e is IOException io && DiskError.IsFull(io) ? StoreFailure.Full : StoreFailure.Misconfigured, $"The journal in '{options.DataDirectory}' cannot be opened: {e.Message}", e);
            }

            throw;
        }
    }

    private static ChangeRecord Parse(Segment segment, LineScanner scanner)
    {
        try
        {
            return CheckedLine.TryRead(scanner.Line, out var json) ? JournalEntry.Read(json).Record : throw Segments.Corrupt(segment.Path, scanner.Offset, "the line's checksum does not match");
        }
        catch (FormatException e)
        {
            throw Segments.Corrupt(segment.Path, scanner.Offset, e.Message, e);
        }
    }

    // On the writing task: copies references, then writes beside it.
    private void SnapshotIfDue()
    {
        if (_state.End - _snapshotEnd < _options.SnapshotEveryBytes || !_snapshot.IsCompleted)
        {
            return;
        }

        var content = _state.Copy();
        _snapshotEnd = content.End;
        _snapshot = Task.Run(() =>
        {
            var started = _time.GetTimestamp();
            try
            {
                _snapshots.Write(content);
                JournalLog.SnapshotWritten(_logger, content.Position, (long)_time.GetElapsedTime(started).TotalMilliseconds);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                JournalLog.SnapshotFailed(_logger, e, content.Position);
            }
        });
    }
}

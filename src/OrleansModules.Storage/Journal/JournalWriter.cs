using System.Buffers;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Journal;

/// <summary>Appends changes to the journal, many at a time: one write and one flush for all that wait (group commit).</summary>
/// <remarks>One task writes; <see cref="AppendAsync"/> may be called concurrently.</remarks>
internal sealed class JournalWriter : IAsyncDisposable
{
    private const int MaxBatchBytes = 4 << 20;

    private readonly Channel<Pending> _pending = Channel.CreateUnbounded<Pending>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ArrayBufferWriter<byte> _lines = new(64 * 1024);
    private readonly ArrayBufferWriter<byte> _json = new(4096);
    private readonly Dictionary<ScopeId, ScopeTable.Entry> _staged = [];
    private readonly Dictionary<string, long> _stagedOperations = new(StringComparer.Ordinal);
    private readonly JournalState _state;
    private readonly Segments _segments;
    private readonly string _directory;
    private readonly long _segmentBytes;
    private readonly Func<string, ISegmentFile> _openFile;
    private readonly Action _committed;
    private readonly ILogger _logger;
    private readonly Task _loop;
    private ISegmentFile? _file;
    private long _base;
    private Exception? _fault;

    /// <summary>Starts writing behind what the state holds.</summary>
    /// <param name="state">What the journal says.</param>
    /// <param name="segments">The files.</param>
    /// <param name="options">Settings.</param>
    /// <param name="openFile">Opens a file for appending.</param>
    /// <param name="committed">Called on the writing task after every batch that became durable.</param>
    /// <param name="logger">Receives failures.</param>
    /// <exception cref="IOException">The files cannot be opened.</exception>
    public JournalWriter(JournalState state, Segments segments, JournalOptions options, Func<string, ISegmentFile> openFile, Action committed, ILogger logger)
    {
        (_state, _segments, _openFile, _committed, _logger) = (state, segments, openFile, committed, logger);
        (_directory, _segmentBytes) = (options.DataDirectory, options.SegmentBytes);
        if (segments.All.IsEmpty)
        {
            BeginSegment();
        }
        else
        {
            _base = segments.All[^1].Base;
            _file = openFile(segments.All[^1].Path);
        }

        _loop = Task.Run(WriteAsync);
    }

    /// <summary>Appends a change.</summary>
    /// <returns>What became of it once that is durable; for an operation id used before, the address of its change.</returns>
    public async Task<WriteResult> AppendAsync(ChangeRecord change, Layer after, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pending = new Pending(change, after, JournalEntry.Prepare(change));
        if (!_pending.Writer.TryWrite(pending))
        {
            throw new StoreException(StoreFailure.Unavailable, "The journal is closed.");
        }

        return await pending.Result.Task;
    }

    /// <summary>Finishes what waits, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _pending.Writer.TryComplete();
        await _loop;
        _file?.Dispose();
    }

    private async Task WriteAsync()
    {
        var batch = new List<Staged>();
        while (await _pending.Reader.WaitToReadAsync())
        {
            batch.Clear();
            Stage(batch);
            try
            {
                WriteBatch(batch);
            }
            catch (Exception e)
            {
                // Nobody foresaw it: whoever waits is told, and nothing more is written over what may be half done.
                if (e is not StoreException)
                {
                    Fault(e);
                }

                batch.ForEach(s => s.Pending.Result.TrySetException(e));
            }
        }
    }

    /// <summary>Takes everything that waits, decides on it, and writes the lines of what is accepted into memory.</summary>
    private void Stage(List<Staged> batch)
    {
        _lines.ResetWrittenCount();
        _staged.Clear();
        _stagedOperations.Clear();
        var start = StartOfBatch();
        var position = _state.Position;
        while (_lines.WrittenCount < MaxBatchBytes && _pending.Reader.TryRead(out var pending))
        {
            var change = pending.Change;
            if (change.OperationId is { } operation && (_stagedOperations.TryGetValue(operation, out var used) ? used : _state.FindOperation(operation)) is { } earlier)
            {
                batch.Add(new Staged(pending, new WriteResult.Repeated(earlier), null));
                continue;
            }

            var known = _staged.TryGetValue(change.Scope, out var staged) ? staged : _state.Find(change.Scope);
            var revision = known.Layer?.Revision ?? 0;
            if (revision != change.Revision - 1)
            {
                batch.Add(new Staged(pending, new WriteResult.Conflict(revision), null));
                continue;
            }

            var address = start + _lines.WrittenCount;
            var record = change with { Position = ++position };
            JournalEntry.Place(_json, start, known.Head, position, pending.Prepared);
            CheckedLine.Write(_lines, _json.WrittenSpan);
            _staged[change.Scope] = new ScopeTable.Entry(pending.After, address);
            if (change.OperationId is { } id)
            {
                _stagedOperations[id] = address;
            }

            batch.Add(new Staged(pending, new WriteResult.Committed(record), new DurableChange(record, pending.After, address)));
        }
    }

    /// <summary>Makes a batch durable, lets it be seen, and answers.</summary>
    /// <exception cref="StoreException">Nothing of it is seen.</exception>
    private void WriteBatch(List<Staged> batch)
    {
        if (_lines.WrittenCount > 0)
        {
            Persist(batch.Count);
            _state.Commit(batch.Where(s => s.Durable is not null).Select(s => s.Durable!.Value), _state.End + _lines.WrittenCount);
            _committed();
        }

        foreach (var staged in batch)
        {
            staged.Pending.Result.TrySetResult(staged.Result);
        }
    }

    private void Persist(int changeCount)
    {
        if (_fault is not null)
        {
            throw new StoreException(StoreFailure.Unavailable, $"The journal accepts no change until a restart: {_fault.Message}", _fault);
        }

        var offset = _state.End - _base;
        try
        {
            _file!.Write(_lines.WrittenSpan, offset);
        }
        catch (IOException e)
        {
            JournalLog.WriteFailed(_logger, e, changeCount);
            TakeBack(offset);
            throw DiskError.IsFull(e)
                ? new StoreException(StoreFailure.Full, $"There is no room left for the journal in '{_directory}'.", e)
                : new StoreException(StoreFailure.Unavailable, $"The journal in '{_directory}' cannot be written: {e.Message}", e);
        }

        try
        {
            _file.Flush();
        }
        catch (IOException e)
        {
            // What the operating system could not flush it may have dropped: a second flush would succeed and mean nothing.
            Fault(e);
            throw new StoreException(StoreFailure.Unavailable, $"The journal in '{_directory}' could not be flushed: {e.Message}", e, outcomeUnknown: true);
        }
    }

    private void TakeBack(long offset)
    {
        try
        {
            _file!.Truncate(offset);
        }
        catch (IOException e)
        {
            Fault(e);
        }
    }

    private void Fault(Exception e)
    {
        _fault = e;
        JournalLog.Faulted(_logger, e);
    }

    /// <summary>Where the next batch begins; begins a new segment first if this one is full.</summary>
    private long StartOfBatch()
    {
        if (_fault is null && _state.End - _base >= _segmentBytes)
        {
            try
            {
                BeginSegment();
            }
            catch (IOException e)
            {
                // The full one takes more; beginning a new one is tried again with the next batch.
                JournalLog.WriteFailed(_logger, e, 0);
            }
        }

        return _state.End;
    }

    private void BeginSegment()
    {
        var @base = _state.End;
        var path = _segments.PathOf(@base);
        var header = Segments.Header(@base, _state.Position + 1);
        var file = _openFile(path);
        try
        {
            file.Write(header, 0);
            file.Flush();
            DirectorySync.Flush(_directory);
        }
        catch (IOException)
        {
            file.Dispose();
            File.Delete(path);
            throw;
        }

        _segments.Add(path, @base);
        _file?.Dispose();
        (_file, _base) = (file, @base);
        _state.Commit([], @base + header.Length);
    }

    private sealed record Pending(ChangeRecord Change, Layer After, byte[] Prepared)
    {
        public TaskCompletionSource<WriteResult> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private readonly record struct Staged(Pending Pending, WriteResult Result, DurableChange? Durable);
}

/// <summary>What became of an append.</summary>
internal abstract record WriteResult
{
    /// <summary>Durable.</summary>
    public sealed record Committed(ChangeRecord Record) : WriteResult;

    /// <summary>The operation id named the change at this address.</summary>
    public sealed record Repeated(long Address) : WriteResult;

    /// <summary>The scope is at another revision.</summary>
    public sealed record Conflict(long Revision) : WriteResult;
}

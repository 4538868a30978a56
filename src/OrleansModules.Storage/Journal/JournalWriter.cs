using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Journal;

/// <summary>The one writer of a journal: takes what is waiting, writes it, flushes it once, and only then lets it be seen.</summary>
/// <remarks>Everything but <see cref="Fault"/> belongs to the thread of <see cref="Run"/>.</remarks>
internal sealed class JournalWriter(JournalTail tail, JournalState state, SnapshotKeeper snapshots, long segmentBytes, ILogger logger)
{
    private const int MostChanges = 4096;
    private const int MostBytes = 4 << 20;

    private readonly CommitBatch _batch = new(state);
    private readonly List<PendingAppend> _taken = [];
    private volatile Exception? _fault;

    /// <summary>Why the store takes no more changes; null while it does.</summary>
    public Exception? Fault => _fault;

    /// <summary>Commits until no more appends can come and none is waiting.</summary>
    public void Run(ChannelReader<PendingAppend> appends)
    {
        // This thread belongs to the writer, which spends its time waiting for the disk: threads of the pool are for others.
        while (appends.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            GatherAfterBusyBatch(appends);
            Take(appends);
            try
            {
                Commit();
            }
            catch (Exception e)
            {
                // Nobody must wait forever, whatever happened. What is in memory may not be what is on the disk.
                Stop(e, outcomeUnknown: true);
            }
        }
    }

    /// <summary>
    /// Callers that were just answered come back with their next change within microseconds. To go ahead with the first of them would
    /// make all others wait for a flush of their own.
    /// </summary>
    private void GatherAfterBusyBatch(ChannelReader<PendingAppend> appends)
    {
        var wait = new SpinWait();
        for (var last = 0; _taken.Count > 1 && appends.Count < _taken.Count && !(wait.Count > 20 && appends.Count == last); wait.SpinOnce(sleep1Threshold: -1))
        {
            last = appends.Count;
        }
    }

    private void Take(ChannelReader<PendingAppend> appends)
    {
        _taken.Clear();
        for (var bytes = 0; _taken.Count < MostChanges && bytes < MostBytes && appends.TryRead(out var append); bytes += append.Tail.Length)
        {
            _taken.Add(append);
        }
    }

    private void Commit()
    {
        if (_fault is { } fault)
        {
            FailAll(() => StoreErrors.Faulted(fault, outcomeUnknown: false));
            return;
        }

        if (tail.Length >= segmentBytes && !TryRoll())
        {
            return;
        }

        _batch.Begin(tail.End, state.Head + 1);
        foreach (var append in _taken)
        {
            _batch.Add(append);
        }

        if (_batch.Changes.Count > 0)
        {
            if (!TryWrite())
            {
                return;
            }

            state.Apply(_batch.Changes, _batch.End);
        }

        _batch.Complete();
        snapshots.StartIfDue(state);
    }

    private bool TryRoll()
    {
        try
        {
            var segment = tail.Roll(state.Head + 1);
            state.AddSegment(segment, tail.End);
            JournalLog.SegmentBegun(logger, segment.Path, segment.FirstPosition);
            return true;
        }
        catch (Exception e) when (StoreErrors.IsFileFailure(e))
        {
            JournalLog.WriteFailed(logger, tail.Path, e);
            FailAll(() => StoreErrors.NotWritten(e));
            return false;
        }
    }

    private bool TryWrite()
    {
        try
        {
            tail.Write(_batch.Bytes);
        }
        catch (Exception e) when (StoreErrors.IsFileFailure(e))
        {
            JournalLog.WriteFailed(logger, tail.Path, e);
            if (TryCutBack())
            {
                _batch.Fail(() => StoreErrors.NotWritten(e));
            }

            return false;
        }

        try
        {
            tail.Flush(_batch.Bytes.Length);
            return true;
        }
        catch (Exception e) when (StoreErrors.IsFileFailure(e))
        {
            // After a failed flush the system may have dropped the pages: no later flush can be believed.
            Stop(e, outcomeUnknown: true);
            return false;
        }
    }

    private bool TryCutBack()
    {
        try
        {
            tail.CutBack();
            return true;
        }
        catch (Exception e) when (StoreErrors.IsFileFailure(e))
        {
            Stop(e, outcomeUnknown: true);
            return false;
        }
    }

    private void Stop(Exception cause, bool outcomeUnknown)
    {
        _fault = cause;
        JournalLog.Faulted(logger, tail.Path, cause);
        FailAll(() => StoreErrors.Faulted(cause, outcomeUnknown));
    }

    private void FailAll(Func<StoreException> failure)
    {
        foreach (var append in _taken)
        {
            append.ReleaseTail();
            append.TrySetException(failure());
        }
    }
}

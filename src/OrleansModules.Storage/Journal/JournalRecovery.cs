using Microsoft.Extensions.Logging;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Journal;

/// <summary>Reads a journal at start: the newest snapshot, then every change after it.</summary>
internal sealed class JournalRecovery(Segments segments, Snapshots snapshots, JournalState state, ILogger logger)
{
    /// <summary>How many changes were replayed.</summary>
    public long Replayed { get; private set; }

    /// <summary>Address behind what the snapshot held; 0 where there was none.</summary>
    public long SnapshotEnd { get; private set; }

    /// <summary>Fills the state. A torn tail is cut; anything else that is not whole is refused.</summary>
    /// <exception cref="StoreException">The journal is damaged: the message names file and offset.</exception>
    public void Run()
    {
        OpenSegments();
        if (segments.All.IsEmpty)
        {
            return;
        }

        var last = segments.All[^1];
        var length = RandomAccess.GetLength(last.Handle);
        if (snapshots.ReadNewest(last.Base + length) is { } snapshot)
        {
            state.Load(snapshot);
            SnapshotEnd = snapshot.End;
        }

        var from = Math.Max(state.End, 0);
        foreach (var segment in segments.All)
        {
            var end = RandomAccess.GetLength(segment.Handle);
            if (segment.Base + end > from || segment == last)
            {
                Replay(segment, Math.Max(from - segment.Base, 0), end, segment == last);
            }
        }

        state.Commit([], last.Base + RandomAccess.GetLength(last.Handle));
    }

    private void OpenSegments()
    {
        var files = segments.Files().ToList();
        for (var i = 0; i < files.Count; i++)
        {
            var (path, @base) = files[i];
            var isLast = i == files.Count - 1;
            if (i > 0 && files[i - 1].Base + new FileInfo(files[i - 1].Path).Length != @base)
            {
                throw Segments.Corrupt(files[i - 1].Path, new FileInfo(files[i - 1].Path).Length, $"the next journal file begins at address {@base}, so a file is missing or this one was cut");
            }

            if (i == 0 && @base != 0)
            {
                throw Segments.Corrupt(path, 0, "journal files before it are missing");
            }

            if (segments.Add(path, @base) is not null)
            {
                continue;
            }

            // A crash while the file was begun: nothing can have been written behind a header that was not durable.
            if (!isLast || HoldsEntries(path))
            {
                throw Segments.Corrupt(path, 0, "its header is damaged");
            }

            JournalLog.TailCut(logger, path, 0, new FileInfo(path).Length);
            File.Delete(path);
        }
    }

    private void Replay(Segment segment, long offset, long end, bool isLast)
    {
        var scanner = new LineScanner(segment.Handle, offset, end);
        var position = state.Position;
        while (scanner.Read())
        {
            if (scanner.Offset == 0)
            {
                continue; // the header, read before
            }

            if (!scanner.IsTerminated || !CheckedLine.TryRead(scanner.Line, out var json))
            {
                if (!isLast || HoldsLaterBatch(segment, scanner.Offset, end))
                {
                    throw Segments.Corrupt(segment.Path, scanner.Offset, "the line's checksum does not match");
                }

                Cut(segment, scanner.Offset, end);
                break;
            }

            var change = Follow(segment, scanner.Offset, json, ++position);

            // One at a time: the next change of the scope builds on this one.
            state.Commit([change], segment.Base + scanner.NextOffset);
            Replayed++;
        }
    }

    private DurableChange Follow(Segment segment, long offset, ReadOnlyMemory<byte> json, long position)
    {
        try
        {
            var entry = JournalEntry.Read(json);
            var known = state.Find(entry.Record.Scope);
            if (entry.Record.Position != position || entry.Previous != known.Head)
            {
                throw Segments.Corrupt(segment.Path, offset, $"expected position {position} after address {known.Head}, found position {entry.Record.Position} after {entry.Previous}");
            }

            return new DurableChange(entry.Record, LayerFold.Apply(known.Layer, entry.Record), segment.Base + offset);
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw Segments.Corrupt(segment.Path, offset, e.Message, e);
        }
    }

    // A batch begins only when all before it is on disk. So if any whole line behind the bad one belongs to a later batch, the bad
    // one had been on disk, whole, and was damaged since.
    private static bool HoldsLaterBatch(Segment segment, long bad, long end)
    {
        var scanner = new LineScanner(segment.Handle, bad, end);
        while (scanner.Read())
        {
            if (scanner.IsTerminated && CheckedLine.TryRead(scanner.Line, out var json) && JournalEntry.Read(json).Batch > segment.Base + bad)
            {
                return true;
            }
        }

        return false;
    }

    private static bool HoldsEntries(string path)
    {
        using var handle = File.OpenHandle(path);
        var scanner = new LineScanner(handle, 0, RandomAccess.GetLength(handle));
        while (scanner.Read())
        {
            if (scanner.IsTerminated && CheckedLine.TryRead(scanner.Line, out _))
            {
                return true;
            }
        }

        return false;
    }

    private void Cut(Segment segment, long offset, long end)
    {
        JournalLog.TailCut(logger, segment.Path, offset, end - offset);
        using var file = SegmentFile.Open(segment.Path);
        file.Truncate(offset);
    }
}

using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Journal;

/// <summary>Brings a state to where the files of a data directory are, and makes them fit to be written on.</summary>
internal sealed class JournalRecovery(string directory, IJournalFiles files, JournalState state, ILogger logger)
{
    private readonly JournalReplay _replay = new(state);

    /// <summary>Changes that were read again because no snapshot covers them.</summary>
    public long Replayed => _replay.Count;

    /// <summary>Logical address that the snapshot in use reaches to; 0 for none.</summary>
    public long SnapshotAddress { get; private set; }

    /// <summary>Recovers.</summary>
    /// <returns>The segment to write on.</returns>
    /// <exception cref="StoreException">Of <see cref="StoreFailure.Corrupt"/>, naming file and offset; nothing was changed on the disk.</exception>
    public JournalTail Recover(CancellationToken cancellationToken)
    {
        var found = SegmentCatalog.Read(directory, files);
        LoadSnapshot(found);
        for (var i = 0; i < found.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (segment, length, headerBytes) = found[i];
            var isLast = i == found.Count - 1;
            if (headerBytes == 0)
            {
                return BeginAgain(found, length);
            }

            var end = segment.Base + length;
            if (end <= SnapshotAddress && !isLast)
            {
                continue;
            }

            var offset = Math.Max(headerBytes, SnapshotAddress - segment.Base);
            if (offset == headerBytes && segment.FirstPosition != state.Head + 1)
            {
                throw StoreErrors.Corrupt(segment.Path, 0, $"It begins at position {segment.FirstPosition}, the changes before it end at {state.Head}.");
            }

            using var file = files.OpenToRead(segment.Path);
            var sound = _replay.Run(file, segment, offset, isLast, cancellationToken);
            if (isLast)
            {
                state.SetSegments([.. found.Select(f => f.Segment)], segment.Base + sound);
                return Open(segment, length, sound);
            }
        }

        return Begin(new Segment(Segment.PathOf(directory, 0), 0, 1), []);
    }

    private void LoadSnapshot(List<SegmentCatalog.Found> found)
    {
        foreach (var path in SnapshotName.NewestFirst(directory))
        {
            Snapshot snapshot;
            try
            {
                using var file = files.OpenToRead(path);
                snapshot = SnapshotReader.Read(file);
            }
            catch (FormatException e)
            {
                JournalLog.SnapshotSkipped(logger, path, e.Message);
                continue;
            }

            var end = found.Count == 0 ? 0 : found[^1].Segment.Base + found[^1].Length;
            if (snapshot.Address > end)
            {
                throw StoreErrors.Corrupt(
                    found.Count == 0 ? Segment.PathOf(directory, 0) : found[^1].Segment.Path, found.Count == 0 ? 0 : found[^1].Length,
                    $"The journal ends at address {end}, but {path} was made when it reached to {snapshot.Address}.");
            }

            Take(snapshot);
            return;
        }
    }

    private void Take(Snapshot snapshot)
    {
        state.Reserve(snapshot.OrgCount, snapshot.WorkspaceCount);
        foreach (var (scope, layer, head) in snapshot.Layers)
        {
            state.Put(scope, new ScopeEntry(layer, head));
        }

        foreach (var (id, entry) in snapshot.Operations)
        {
            state.PutOperation(id, entry);
        }

        state.BeginAt(snapshot.Position);
        SnapshotAddress = snapshot.Address;
    }

    /// <summary>A crash came while the last segment was begun: no change can have been in it.</summary>
    private JournalTail BeginAgain(List<SegmentCatalog.Found> found, long length)
    {
        var torn = found[^1].Segment;
        if (length > 0)
        {
            JournalLog.TornTailCut(logger, torn.Path, 0, length);
        }

        return Begin(torn with { FirstPosition = state.Head + 1 }, [.. found.Take(found.Count - 1).Select(f => f.Segment)]);
    }

    private JournalTail Begin(Segment segment, ImmutableArray<Segment> before)
    {
        var (file, length) = JournalTail.Create(files, directory, segment, new LineBuffer());
        state.SetSegments(before.Add(segment), segment.Base + length);
        return new JournalTail(files, directory, segment, file, length);
    }

    private JournalTail Open(Segment segment, long length, long sound)
    {
        var file = files.OpenToWrite(segment.Path);
        try
        {
            var tail = new JournalTail(files, directory, segment, file, sound);
            if (sound < length)
            {
                tail.CutBack();
                JournalLog.TornTailCut(logger, segment.Path, sound, length - sound);
            }

            return tail;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}

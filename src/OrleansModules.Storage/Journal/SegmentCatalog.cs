using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Journal;

/// <summary>Finds the segments of a data directory and checks that none is missing.</summary>
internal static class SegmentCatalog
{
    /// <summary>A segment as it was found.</summary>
    /// <param name="Segment">The segment; of a torn one only path and base are meant.</param>
    /// <param name="Length">Its length in bytes.</param>
    /// <param name="HeaderBytes">Length of its first line with the line feed; 0 when the last segment was torn while it was begun.</param>
    internal readonly record struct Found(Segment Segment, long Length, int HeaderBytes);

    /// <summary>All segments in order of address; none in a new directory.</summary>
    /// <exception cref="StoreException">Of <see cref="StoreFailure.Corrupt"/>, naming file and offset.</exception>
    public static List<Found> Read(string directory, IJournalFiles files)
    {
        var paths = Directory.EnumerateFiles(directory, "*" + Segment.Extension).Order(StringComparer.Ordinal).ToList();
        var found = new List<Found>(paths.Count);
        var expected = 0L;
        for (var i = 0; i < paths.Count; i++)
        {
            var path = paths[i];
            var baseAddress = Segment.BaseOf(path) ?? throw StoreErrors.Corrupt(path, 0, "This is no name of a segment.");
            if (baseAddress != expected)
            {
                throw StoreErrors.Corrupt(path, 0, $"The segments before it end at address {expected}, it begins at {baseAddress}: a segment is missing or was cut.");
            }

            using var file = files.OpenToRead(path);
            found.Add(ReadOne(file, path, baseAddress, isLast: i == paths.Count - 1));
            expected = baseAddress + file.Length;
        }

        return found;
    }

    private static Found ReadOne(IJournalFile file, string path, long baseAddress, bool isLast)
    {
        using var lines = new LineScanner(file, 0, file.Length, LineScanner.ShortRead);
        if (lines.Read() && lines.IsSound)
        {
            try
            {
                return new Found(Segment.ReadHeader(path, baseAddress, lines.Line), file.Length, lines.Line.Length + 1);
            }
            catch (FormatException e)
            {
                throw StoreErrors.Corrupt(path, 0, e.Message, e);
            }
        }

        if (!isLast || TornTail.FindLaterBatch(file, 0, baseAddress) is not null)
        {
            throw StoreErrors.Corrupt(path, 0, "The first line does not match its checksum.");
        }

        return new Found(new Segment(path, baseAddress, 0), file.Length, 0);
    }
}

namespace OrleansModules.Storage.Journal;

/// <summary>Tells a write that a crash cut short from damage.</summary>
/// <remarks>
/// A batch is begun only after the one before it was flushed. So a damaged line was durable once, and is corruption, exactly when a
/// later sound line belongs to a batch that began after it. The disk may have kept later parts of one batch and lost earlier ones:
/// sound lines of the same batch prove nothing.
/// </remarks>
internal static class TornTail
{
    /// <summary>Looks for proof that a damaged line was durable once.</summary>
    /// <param name="file">The last segment.</param>
    /// <param name="offset">Where the damaged line begins in the file, in bytes.</param>
    /// <param name="baseAddress">Logical address of the file's first byte.</param>
    /// <returns>Offset of a line that was begun after it was durable; null when there is none, and the tail is torn.</returns>
    public static long? FindLaterBatch(IJournalFile file, long offset, long baseAddress)
    {
        using var lines = new LineScanner(file, offset, file.Length, LineScanner.LongRead);
        while (lines.Read())
        {
            if (lines.Offset > offset && lines.IsSound && BatchOf(lines.Line.Span) > baseAddress + offset)
            {
                return lines.Offset;
            }
        }

        return null;
    }

    private static long BatchOf(ReadOnlySpan<byte> line)
    {
        try
        {
            return RecordLine.ReadStart(line).Batch;
        }
        catch (FormatException)
        {
            // A sound line that is no change proves nothing about when it was written.
            return RecordLine.NoAddress;
        }
    }
}

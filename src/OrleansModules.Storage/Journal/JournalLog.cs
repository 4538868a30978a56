using Microsoft.Extensions.Logging;

namespace OrleansModules.Storage.Journal;

/// <summary>What the journal logs.</summary>
internal static partial class JournalLog
{
    [LoggerMessage(101, LogLevel.Information, "Opened the journal in {Directory}: head {Position}, {Segments} segment(s), {Replayed} change(s) replayed in {ElapsedMilliseconds} ms.")]
    public static partial void Opened(ILogger logger, string directory, long position, int segments, long replayed, long elapsedMilliseconds);

    [LoggerMessage(102, LogLevel.Warning, "Cut an unfinished write off {Path} at byte {Offset}: {Bytes} byte(s) that were never acknowledged.")]
    public static partial void TornTailCut(ILogger logger, string path, long offset, long bytes);

    [LoggerMessage(103, LogLevel.Warning, "Skipped the snapshot {Path}: {Fault}")]
    public static partial void SnapshotSkipped(ILogger logger, string path, string fault);

    [LoggerMessage(104, LogLevel.Information, "Made the snapshot {Path} of {Layers} layer(s) in {ElapsedMilliseconds} ms.")]
    public static partial void SnapshotMade(ILogger logger, string path, long layers, long elapsedMilliseconds);

    [LoggerMessage(105, LogLevel.Warning, "Could not make the snapshot {Path}; the journal is complete without it.")]
    public static partial void SnapshotFailed(ILogger logger, string path, Exception exception);

    [LoggerMessage(106, LogLevel.Information, "Began the segment {Path} at position {Position}.")]
    public static partial void SegmentBegun(ILogger logger, string path, long position);

    [LoggerMessage(107, LogLevel.Error, "Could not write to {Path}; the changes were refused and nothing changed.")]
    public static partial void WriteFailed(ILogger logger, string path, Exception exception);

    [LoggerMessage(108, LogLevel.Critical, "Stopped writing to {Path}: whether the last changes are durable cannot be known. No changes are taken until the journal is opened again.")]
    public static partial void Faulted(ILogger logger, string path, Exception exception);
}

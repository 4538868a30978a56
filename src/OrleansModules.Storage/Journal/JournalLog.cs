using Microsoft.Extensions.Logging;

namespace OrleansModules.Storage.Journal;

/// <summary>Log messages of the journal.</summary>
internal static partial class JournalLog
{
    /// <summary>The journal is open.</summary>
    [LoggerMessage(100, LogLevel.Information, "Journal in {Directory} is at position {Position}: {ScopeCount} scopes, {ReplayedCount} changes replayed in {ElapsedMs} ms.")]
    public static partial void Opened(ILogger logger, string directory, long position, int scopeCount, long replayedCount, long elapsedMs);

    /// <summary>The last write before a crash was not whole; it was never acknowledged.</summary>
    [LoggerMessage(101, LogLevel.Warning, "Journal file {Path} ended in the middle of a write: cut {Bytes} bytes at offset {Offset}. Nothing acknowledged was in them.")]
    public static partial void TailCut(ILogger logger, string path, long offset, long bytes);

    /// <summary>A snapshot cannot be used.</summary>
    [LoggerMessage(102, LogLevel.Warning, "Snapshot {Path} is not used: {Problem}. The journal itself is replayed from further back.")]
    public static partial void SnapshotSkipped(ILogger logger, string path, string problem);

    /// <summary>A snapshot is there.</summary>
    [LoggerMessage(103, LogLevel.Information, "Snapshot at position {Position} written in {ElapsedMs} ms.")]
    public static partial void SnapshotWritten(ILogger logger, long position, long elapsedMs);

    /// <summary>A snapshot could not be written.</summary>
    [LoggerMessage(104, LogLevel.Error, "No snapshot could be written at position {Position}; the next start takes longer.")]
    public static partial void SnapshotFailed(ILogger logger, Exception error, long position);

    /// <summary>A batch could not be written and was taken back.</summary>
    [LoggerMessage(105, LogLevel.Error, "A batch of {ChangeCount} changes could not be written and was refused; later changes are tried anew.")]
    public static partial void WriteFailed(ILogger logger, Exception error, int changeCount);

    /// <summary>It cannot be known what is on disk.</summary>
    [LoggerMessage(106, LogLevel.Critical, "The journal could not be flushed or cut back: no change is accepted until a restart. Reads go on.")]
    public static partial void Faulted(ILogger logger, Exception error);
}

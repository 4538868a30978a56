using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Journal;

/// <summary>Says in the store's words what went wrong with a file.</summary>
internal static class StoreErrors
{
    // What an IOException carries in HResult: errno on Unix, an HRESULT on Windows.
    private const int NoSpaceLeft = 28;
    private const int QuotaExceededLinux = 122;
    private const int QuotaExceededMac = 69;
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Whether an exception is one that files throw.</summary>
    public static bool IsFileFailure(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>Whether a failure means that there is no room left.</summary>
    public static bool IsFull(Exception exception) => exception is IOException && (OperatingSystem.IsWindows()
        ? exception.HResult is WindowsHandleDiskFull or WindowsDiskFull
        : exception.HResult == NoSpaceLeft || exception.HResult == (OperatingSystem.IsLinux() ? QuotaExceededLinux : QuotaExceededMac));

    /// <summary>A file is not what was written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">Where in the file, in bytes.</param>
    /// <param name="what">What is wrong there.</param>
    /// <param name="inner">The cause.</param>
    public static StoreException Corrupt(string path, long offset, string what, Exception? inner = null) =>
        new(StoreFailure.Corrupt, $"{path} is damaged at byte {offset}: {what} Nothing was changed; restore the data directory from a backup.", inner);

    /// <summary>A file could not be read.</summary>
    public static StoreException Unreadable(Exception cause) =>
        new(StoreFailure.Unavailable, $"The journal cannot be read: {cause.Message}", cause);

    /// <summary>A change could not be written, and was not.</summary>
    public static StoreException NotWritten(Exception cause) => IsFull(cause)
        ? new(StoreFailure.Full, $"No room left for the journal: {cause.Message}", cause)
        : new(StoreFailure.Unavailable, $"The journal cannot be written: {cause.Message}", cause);

    /// <summary>The store takes no more changes.</summary>
    /// <param name="cause">What made it stop.</param>
    /// <param name="outcomeUnknown">Whether the change at hand may be durable all the same.</param>
    public static StoreException Faulted(Exception cause, bool outcomeUnknown) => new(
        StoreFailure.Unavailable, $"The journal takes no changes until it is opened again: {cause.Message}", cause, outcomeUnknown);

    /// <summary>The store was closed.</summary>
    public static StoreException Closed() => new(StoreFailure.Unavailable, "The journal is closed.");
}

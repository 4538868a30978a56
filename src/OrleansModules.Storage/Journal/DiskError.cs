namespace OrleansModules.Storage.Journal;

/// <summary>Tells errors of the operating system apart.</summary>
internal static class DiskError
{
    private const int NoSpaceOnUnix = 28; // ENOSPC, which .NET gives as it is
    private const int QuotaOnUnix = 122; // EDQUOT
    private const int DiskFullOnWindows = unchecked((int)0x80070070);
    private const int HandleDiskFullOnWindows = unchecked((int)0x80070027);

    /// <summary>Whether there was no room.</summary>
    public static bool IsFull(IOException e) => e.HResult is NoSpaceOnUnix or QuotaOnUnix or DiskFullOnWindows or HandleDiskFullOnWindows;
}

using Microsoft.Win32.SafeHandles;
using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Journal;

/// <summary>Holds a data directory for this process; the system lets go of it when the process ends in whatever way.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private const int WouldBlockLinux = 11;
    private const int WouldBlockBsd = 35;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    private readonly SafeFileHandle _handle;

    private DirectoryLock(SafeFileHandle handle) => _handle = handle;

    /// <summary>Creates the directory when absent, and takes it.</summary>
    /// <param name="directory">The data directory.</param>
    /// <exception cref="StoreException">
    /// <see cref="StoreFailure.InUse"/>: another process, or another store of this one, has it.
    /// <see cref="StoreFailure.Misconfigured"/>: it cannot be created or written.
    /// </exception>
    public static DirectoryLock Take(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            return new DirectoryLock(File.OpenHandle(Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (IsTaken(e))
        {
            throw new StoreException(StoreFailure.InUse, $"The data directory {directory} is in use by another process; give this one a directory of its own, or stop the other.", e);
        }
        catch (Exception e) when (StoreErrors.IsFileFailure(e))
        {
            throw new StoreException(StoreFailure.Misconfigured, $"The data directory {directory} cannot be created or written: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static bool IsTaken(IOException exception) =>
        exception.HResult == (OperatingSystem.IsWindows() ? WindowsSharingViolation : OperatingSystem.IsLinux() ? WouldBlockLinux : WouldBlockBsd);
}

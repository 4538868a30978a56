using OrleansModules.Core.Stores;

namespace OrleansModules.Storage.Journal;

/// <summary>Keeps a second process out of a data directory. The operating system lets go of it when the process ends, however it ends.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    /// <summary>Creates the directory if need be, and locks it.</summary>
    /// <exception cref="StoreException">It is in use, or cannot be written.</exception>
    public static DirectoryLock Take(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Unwritable(directory, e);
        }

        try
        {
            return new DirectoryLock(new FileStream(Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException e)
        {
            throw Unwritable(directory, e);
        }
        catch (IOException e)
        {
            throw new StoreException(StoreFailure.InUse, $"Data directory '{directory}' is in use by another process: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static StoreException Unwritable(string directory, Exception e) =>
        new(StoreFailure.Misconfigured, $"Data directory '{directory}' cannot be written: {e.Message}", e);
}

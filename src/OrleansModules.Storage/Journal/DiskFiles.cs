namespace OrleansModules.Storage.Journal;

/// <inheritdoc cref="IJournalFiles"/>
internal sealed class DiskFiles : IJournalFiles
{
    /// <inheritdoc/>
    public IJournalFile OpenToWrite(string path) =>
        new DiskFile(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite));

    /// <inheritdoc/>
    public IJournalFile OpenToRead(string path) =>
        new DiskFile(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        FlushDirectory(Path.GetDirectoryName(to)!); // A file always has a directory.
    }

    /// <inheritdoc/>
    public void Delete(string path) => File.Delete(path);

    /// <inheritdoc/>
    public void FlushDirectory(string directory) => DirectoryFlush.Flush(directory);
}

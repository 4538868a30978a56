namespace OrleansModules.Storage.Journal;

/// <summary>The file system as the journal uses it; tests put faults here. Safe for concurrent use.</summary>
internal interface IJournalFiles
{
    /// <summary>Opens a file to read and write, created when absent.</summary>
    IJournalFile OpenToWrite(string path);

    /// <summary>Opens a file to read while others may write to it.</summary>
    IJournalFile OpenToRead(string path);

    /// <summary>Renames a file over another one, and returns when that is on the disk.</summary>
    void Rename(string from, string to);

    /// <summary>Deletes a file; one that is absent is fine.</summary>
    void Delete(string path);

    /// <summary>Returns when the names of new files in a directory are on the disk.</summary>
    void FlushDirectory(string directory);
}

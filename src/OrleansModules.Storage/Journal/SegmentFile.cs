using Microsoft.Win32.SafeHandles;

namespace OrleansModules.Storage.Journal;

/// <summary>What the journal needs of the file it appends to; tests put failing ones in its place.</summary>
internal interface ISegmentFile : IDisposable
{
    /// <summary>Writes bytes at an offset.</summary>
    /// <exception cref="IOException">Some or none of them were written.</exception>
    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Returns when everything written is on disk.</summary>
    /// <exception cref="IOException">It cannot be known what is on disk.</exception>
    void Flush();

    /// <summary>Cuts the file.</summary>
    void Truncate(long length);
}

/// <summary>A file of the operating system.</summary>
internal sealed class SegmentFile(SafeFileHandle handle) : ISegmentFile
{
    /// <summary>Opens a file for appending.</summary>
    public static ISegmentFile Open(string path) => new SegmentFile(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read));

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(handle, bytes, offset);

    /// <inheritdoc/>
    public void Flush() => RandomAccess.FlushToDisk(handle);

    /// <inheritdoc/>
    public void Truncate(long length)
    {
        RandomAccess.SetLength(handle, length);
        RandomAccess.FlushToDisk(handle);
    }

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();
}

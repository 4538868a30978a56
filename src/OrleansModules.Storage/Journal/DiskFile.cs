using Microsoft.Win32.SafeHandles;

namespace OrleansModules.Storage.Journal;

/// <inheritdoc cref="IJournalFile"/>
internal sealed class DiskFile(SafeFileHandle handle) : IJournalFile
{
    /// <inheritdoc/>
    public long Length => RandomAccess.GetLength(handle);

    /// <inheritdoc/>
    public int Read(Span<byte> destination, long offset) => RandomAccess.Read(handle, destination, offset);

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(handle, bytes, offset);

    /// <inheritdoc/>
    public void SetLength(long length) => RandomAccess.SetLength(handle, length);

    /// <inheritdoc/>
    public void Flush() => RandomAccess.FlushToDisk(handle);

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();
}

namespace OrleansModules.Storage.Journal;

/// <summary>An open file. Not safe for concurrent use.</summary>
/// <remarks>Failures are <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.</remarks>
internal interface IJournalFile : IDisposable
{
    /// <summary>Length in bytes.</summary>
    long Length { get; }

    /// <summary>Reads up to as many bytes as there is room for; 0 at the end.</summary>
    int Read(Span<byte> destination, long offset);

    /// <summary>Writes all bytes, or throws after having written any number of them.</summary>
    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Cuts the file, or fills it up with zeros.</summary>
    void SetLength(long length);

    /// <summary>Returns when everything written is on the disk.</summary>
    void Flush();
}

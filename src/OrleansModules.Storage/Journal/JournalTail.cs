namespace OrleansModules.Storage.Journal;

/// <summary>The segment that is written, with its open file. Used by the writer alone.</summary>
internal sealed class JournalTail(IJournalFiles files, string directory, Segment segment, IJournalFile file, long length) : IDisposable
{
    private readonly LineBuffer _header = new();
    private Segment _segment = segment;
    private IJournalFile _file = file;
    private long _length = length;

    /// <summary>Length of the segment in bytes.</summary>
    public long Length => _length;

    /// <summary>Logical address after the last durable byte.</summary>
    public long End => _segment.Base + _length;

    /// <summary>Path of the segment.</summary>
    public string Path => _segment.Path;

    /// <summary>Begins a segment in a file that is new, or left behind by an attempt that did not get to its end.</summary>
    /// <exception cref="IOException">The file could not be made; the journal is as before.</exception>
    public static (IJournalFile File, long Length) Create(IJournalFiles files, string directory, Segment segment, LineBuffer header)
    {
        header.Clear();
        segment.WriteHeader(header);
        var file = files.OpenToWrite(segment.Path);
        try
        {
            file.SetLength(0);
            file.Write(header.Written, 0);
            file.Flush();
            files.FlushDirectory(directory);
            return (file, header.Length);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Goes on in a new segment.</summary>
    /// <param name="nextPosition">Position of its first change.</param>
    /// <exception cref="IOException">The segment could not be made; this one stays the last.</exception>
    public Segment Roll(long nextPosition)
    {
        var next = new Segment(Segment.PathOf(directory, End), End, nextPosition);
        var (file, length) = Create(files, directory, next, _header);
        _file.Dispose();
        (_segment, _file, _length) = (next, file, length);
        return next;
    }

    /// <summary>Writes after the last durable byte, without making it durable.</summary>
    public void Write(ReadOnlySpan<byte> bytes) => _file.Write(bytes, _length);

    /// <summary>Makes durable what was written.</summary>
    /// <param name="bytes">How much that was.</param>
    public void Flush(long bytes)
    {
        _file.Flush();
        _length += bytes;
    }

    /// <summary>Cuts off what a failed write left behind, durably: nothing after this must find it.</summary>
    public void CutBack()
    {
        _file.SetLength(_length);
        _file.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}

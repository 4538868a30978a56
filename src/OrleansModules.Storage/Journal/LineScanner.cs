using System.Buffers;

namespace OrleansModules.Storage.Journal;

/// <summary>Reads the lines of a part of a file in order. Not safe for concurrent use.</summary>
internal sealed class LineScanner : IDisposable
{
    /// <summary>Room for reading many lines in a row, in bytes.</summary>
    public const int LongRead = 256 << 10;

    /// <summary>Room for reading one line, in bytes.</summary>
    public const int ShortRead = 4 << 10;

    private IJournalFile _file;
    private long _end;
    private byte[] _buffer;
    private long _bufferOffset;
    private int _filled;
    private int _next;

    /// <summary>Begins to read.</summary>
    /// <param name="file">The file; stays the caller's.</param>
    /// <param name="offset">Where the first line begins, in bytes.</param>
    /// <param name="end">Where to stop, in bytes.</param>
    /// <param name="readBytes">How much to read at once; longer lines are read all the same.</param>
    public LineScanner(IJournalFile file, long offset, long end, int readBytes)
    {
        _file = file;
        _buffer = ArrayPool<byte>.Shared.Rent(readBytes);
        (_bufferOffset, _end) = (offset, end);
    }

    /// <summary>Where the current line begins in the file, in bytes.</summary>
    public long Offset { get; private set; }

    /// <summary>The current line without its line feed. Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Whether a line feed ended the current line, and not the end of what is read.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Whether the current line is whole and as it was written.</summary>
    public bool IsSound => IsEnded && JournalLine.IsSound(Line.Span);

    /// <summary>Goes on elsewhere, with the same memory.</summary>
    public void Restart(IJournalFile file, long offset, long end)
    {
        _file = file;
        (_bufferOffset, _end) = (offset, end);
        (_filled, _next) = (0, 0);
    }

    /// <summary>Moves to the next line; false at the end.</summary>
    public bool Read()
    {
        var searched = 0;
        while (true)
        {
            var rest = _buffer.AsSpan(_next, _filled - _next);
            var feed = rest[searched..].IndexOf((byte)'\n');
            if (feed >= 0)
            {
                Take(searched + feed, ended: true);
                return true;
            }

            searched = rest.Length;
            if (!Fill())
            {
                if (searched == 0)
                {
                    return false;
                }

                Take(searched, ended: false);
                return true;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        Line = default;
    }

    private void Take(int length, bool ended)
    {
        Offset = _bufferOffset + _next;
        Line = _buffer.AsMemory(_next, length);
        IsEnded = ended;
        _next += ended ? length + 1 : length;
    }

    private bool Fill()
    {
        if (_next > 0)
        {
            _buffer.AsSpan(_next, _filled - _next).CopyTo(_buffer);
            _bufferOffset += _next;
            _filled -= _next;
            _next = 0;
        }

        if (_filled == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.AsSpan(0, _filled).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        var from = _bufferOffset + _filled;
        var room = (int)Math.Min(_buffer.Length - _filled, _end - from);
        var read = room <= 0 ? 0 : _file.Read(_buffer.AsSpan(_filled, room), from);
        _filled += read;
        return read > 0;
    }
}

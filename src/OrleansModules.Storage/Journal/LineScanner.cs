using Microsoft.Win32.SafeHandles;

namespace OrleansModules.Storage.Journal;

/// <summary>Reads a file line by line, forwards, in large steps.</summary>
/// <remarks>For one caller at a time. A line is valid until the next is read.</remarks>
internal sealed class LineScanner(SafeFileHandle handle, long offset, long end)
{
    private byte[] _buffer = new byte[256 * 1024];
    private int _start;
    private int _filled;
    private long _next = offset;

    /// <summary>Where the current line begins in the file.</summary>
    public long Offset { get; private set; } = offset;

    /// <summary>Where the next line begins in the file.</summary>
    public long NextOffset { get; private set; } = offset;

    /// <summary>Whether the current line ended with a line feed; the last of a torn file does not.</summary>
    public bool IsTerminated { get; private set; }

    /// <summary>The current line without its line feed.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>Goes to the next line.</summary>
    /// <returns>False at the end.</returns>
    public bool Read()
    {
        Offset = NextOffset;
        var searched = 0;
        while (true)
        {
            var feed = _buffer.AsSpan(_start + searched, _filled - _start - searched).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                return Take(searched + feed, terminated: true);
            }

            searched = _filled - _start;
            if (!Fill())
            {
                return searched > 0 && Take(searched, terminated: false);
            }
        }
    }

    private bool Take(int length, bool terminated)
    {
        Line = _buffer.AsMemory(_start, length);
        IsTerminated = terminated;
        _start += length + (terminated ? 1 : 0);
        NextOffset = Offset + length + (terminated ? 1 : 0);
        return true;
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _filled - _start).CopyTo(_buffer);
            _filled -= _start;
            _start = 0;
        }
        else if (_filled == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = RandomAccess.Read(handle, _buffer.AsSpan(_filled, (int)Math.Min(_buffer.Length - _filled, end - _next)), _next);
        _filled += read;
        _next += read;
        return read > 0;
    }
}

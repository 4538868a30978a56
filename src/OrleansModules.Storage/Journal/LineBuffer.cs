using System.Buffers;
using System.Buffers.Text;

namespace OrleansModules.Storage.Journal;

/// <summary>Collects lines in memory, to be written in one go. Not safe for concurrent use.</summary>
internal sealed class LineBuffer : IBufferWriter<byte>
{
    private const int InitialBytes = 64 << 10;
    private const int KeptBytes = 8 << 20;
    private const int LongestNumber = 20;

    private byte[] _bytes = new byte[InitialBytes];
    private int _length;
    private int _lineStart;

    /// <summary>Length of what is collected, in bytes.</summary>
    public int Length => _length;

    /// <summary>What is collected.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>Forgets what is collected.</summary>
    public void Clear()
    {
        _length = 0;
        if (_bytes.Length > KeptBytes)
        {
            _bytes = new byte[InitialBytes];
        }
    }

    /// <summary>Begins a line; everything until <see cref="EndLine"/> is its JSON.</summary>
    public void BeginLine()
    {
        _lineStart = _length;
        GetSpan(JournalLine.PrefixBytes);
        _length += JournalLine.PrefixBytes;
    }

    /// <summary>Seals the line.</summary>
    public void EndLine()
    {
        JournalLine.Seal(_bytes.AsSpan(_lineStart, _length - _lineStart));
        Write("\n"u8);
    }

    /// <summary>Adds bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        _length += bytes.Length;
    }

    /// <summary>Adds a number in decimal.</summary>
    public void Write(long number)
    {
        Utf8Formatter.TryFormat(number, GetSpan(LongestNumber), out var written);
        _length += written;
    }

    /// <inheritdoc/>
    public void Advance(int count) => _length += count;

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var wanted = _length + Math.Max(sizeHint, 256);
        if (wanted > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(wanted, _bytes.Length * 2));
        }

        return _bytes.AsMemory(_length);
    }
}

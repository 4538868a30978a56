using System.Buffers;
using System.Buffers.Text;

namespace OrleansModules.Storage.Journal;

/// <summary>One line of a journal or snapshot: eight hexadecimal digits of a CRC-32C, a space, JSON, a line feed.</summary>
internal static class CheckedLine
{
    /// <summary>What stands before the JSON: the digits and the space.</summary>
    public const int PrefixLength = 9;

    /// <summary>Appends a line.</summary>
    /// <param name="destination">Receives it.</param>
    /// <param name="json">JSON without line feeds.</param>
    public static void Write(ArrayBufferWriter<byte> destination, ReadOnlySpan<byte> json)
    {
        var line = destination.GetSpan(PrefixLength + json.Length + 1);
        Utf8Formatter.TryFormat(Crc32C.Of(json), line, out _, new StandardFormat('x', 8));
        line[PrefixLength - 1] = (byte)' ';
        json.CopyTo(line[PrefixLength..]);
        line[PrefixLength + json.Length] = (byte)'\n';
        destination.Advance(PrefixLength + json.Length + 1);
    }

    /// <summary>Takes the JSON out of a line, if the line is whole.</summary>
    /// <param name="line">The line without its line feed.</param>
    /// <param name="json">The JSON.</param>
    public static bool TryRead(ReadOnlyMemory<byte> line, out ReadOnlyMemory<byte> json)
    {
        json = default;
        if (line.Length <= PrefixLength || line.Span[PrefixLength - 1] != ' '
            || !Utf8Parser.TryParse(line.Span[..(PrefixLength - 1)], out uint crc, out var digits, 'x') || digits != PrefixLength - 1)
        {
            return false;
        }

        json = line[PrefixLength..];
        return Crc32C.Of(json.Span) == crc;
    }
}

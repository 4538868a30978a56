using System.Globalization;

namespace OrleansModules.Storage.Journal;

/// <summary>The frame of every line of journals and snapshots: checksum, space, JSON; a line feed ends it.</summary>
internal static class JournalLine
{
    /// <summary>Bytes before the JSON: 8 hex digits in lower case and a space.</summary>
    public const int PrefixBytes = ChecksumBytes + 1;

    private const int ChecksumBytes = 8;

    /// <summary>Fills in the prefix.</summary>
    /// <param name="line">Room for the prefix, then the JSON; no line feed.</param>
    public static void Seal(Span<byte> line)
    {
        Format(line[PrefixBytes..], line);
        line[ChecksumBytes] = (byte)' ';
    }

    /// <summary>Whether a line, without its line feed, is as it was sealed.</summary>
    /// <remarks>Compares text, not numbers: a checksum in upper case is a damaged one.</remarks>
    public static bool IsSound(ReadOnlySpan<byte> line)
    {
        if (line.Length <= PrefixBytes || line[ChecksumBytes] != (byte)' ')
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[ChecksumBytes];
        Format(line[PrefixBytes..], expected);
        return line[..ChecksumBytes].SequenceEqual(expected);
    }

    private static void Format(ReadOnlySpan<byte> json, Span<byte> destination) =>
        Crc32C.Compute(json).TryFormat(destination, out _, "x8", CultureInfo.InvariantCulture);
}

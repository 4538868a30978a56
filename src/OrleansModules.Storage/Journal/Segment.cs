using System.Globalization;
using System.Text.Json;

namespace OrleansModules.Storage.Journal;

/// <summary>One file of the journal. Immutable.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Base">Logical address of its first byte: the length of all segments before it.</param>
/// <param name="FirstPosition">Position of the first change in it, or of the next one while there is none.</param>
internal sealed record Segment(string Path, long Base, long FirstPosition)
{
    /// <summary>Ending of segment files.</summary>
    public const string Extension = ".journal";

    private const int Format = 1;

    /// <summary>The path of the segment that begins at an address.</summary>
    public static string PathOf(string directory, long baseAddress) =>
        System.IO.Path.Combine(directory, baseAddress.ToString("x16", CultureInfo.InvariantCulture) + Extension);

    /// <summary>Reads the address from a file name; null when it is not of the form that <see cref="PathOf"/> makes.</summary>
    public static long? BaseOf(string path)
    {
        var name = System.IO.Path.GetFileNameWithoutExtension(path);
        return name.Length == 16 && long.TryParse(name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var address) && address >= 0
            && name.Equals(address.ToString("x16", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            ? address
            : null;
    }

    /// <summary>Adds the segment's first line.</summary>
    public void WriteHeader(LineBuffer lines)
    {
        lines.BeginLine();
        lines.Write("{\"format\":"u8);
        lines.Write(Format);
        lines.Write(",\"base\":"u8);
        lines.Write(Base);
        lines.Write(",\"first\":"u8);
        lines.Write(FirstPosition);
        lines.Write("}"u8);
        lines.EndLine();
    }

    /// <summary>Reads a sound first line, without its line feed.</summary>
    /// <exception cref="FormatException">The line is no header, of an unknown format, or of another segment.</exception>
    public static Segment ReadHeader(string path, long baseAddress, ReadOnlyMemory<byte> line)
    {
        try
        {
            using var json = JsonDocument.Parse(line[JournalLine.PrefixBytes..]);
            var format = json.RootElement.GetProperty("format"u8).GetInt32();
            if (format != Format)
            {
                throw new FormatException($"Format {format} is not known here; this version reads format {Format}.");
            }

            var named = json.RootElement.GetProperty("base"u8).GetInt64();
            return named == baseAddress
                ? new Segment(path, baseAddress, json.RootElement.GetProperty("first"u8).GetInt64())
                : throw new FormatException($"The header says that the segment begins at {named}, the file name says {baseAddress}.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"No header: {e.Message}", e);
        }
    }
}

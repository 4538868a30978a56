using System.Text.Json;
using OrleansModules.Core.Changes;

namespace OrleansModules.Storage.Journal;

/// <summary>The JSON of a journal line that holds a change.</summary>
/// <param name="Batch">Logical address at which the changes committed together with this one begin.</param>
/// <param name="Previous">Logical address of the scope's change before this one; <see cref="NoAddress"/> when it is the first.</param>
/// <param name="Position">The change's place in the feed.</param>
/// <param name="Revision">The scope's revision that the change made.</param>
internal readonly record struct RecordLine(long Batch, long Previous, long Position, long Revision)
{
    /// <summary>Stands for no address.</summary>
    public const long NoAddress = -1;

    /// <summary>Adds a whole line.</summary>
    /// <param name="lines">Receives it.</param>
    /// <param name="batch">See <see cref="Batch"/>.</param>
    /// <param name="previous">See <see cref="Previous"/>.</param>
    /// <param name="position">See <see cref="Position"/>.</param>
    /// <param name="tail">The change without its position, see <see cref="RecordTail"/>.</param>
    public static void Write(LineBuffer lines, long batch, long previous, long position, ReadOnlySpan<byte> tail)
    {
        lines.BeginLine();
        lines.Write("{\"batch\":"u8);
        lines.Write(batch);
        lines.Write(",\"previous\":"u8);
        lines.Write(previous);
        lines.Write(",\"record\":{\"position\":"u8);
        lines.Write(position);
        lines.Write(tail);
        lines.Write("}"u8);
        lines.EndLine();
    }

    /// <summary>Reads no more than what comes before the change's own words: cheap enough for lines that are only passed by.</summary>
    /// <param name="line">A sound line, without its line feed.</param>
    /// <exception cref="FormatException">The line holds no change.</exception>
    public static RecordLine ReadStart(ReadOnlySpan<byte> line)
    {
        try
        {
            var json = new Utf8JsonReader(line[JournalLine.PrefixBytes..]);
            json.Read();
            var batch = Number(ref json, "batch"u8);
            var previous = Number(ref json, "previous"u8);
            Name(ref json, "record"u8);
            json.Read();
            var position = Number(ref json, "position"u8);
            Name(ref json, "scope"u8);
            json.Read();
            return new RecordLine(batch, previous, position, Number(ref json, "revision"u8));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"No change: {e.Message}", e);
        }
    }

    /// <summary>Reads the change.</summary>
    /// <param name="line">A sound line, without its line feed.</param>
    /// <exception cref="FormatException">The line holds no change.</exception>
    public static ChangeRecord ReadRecord(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var json = JsonDocument.Parse(line[JournalLine.PrefixBytes..]);
            return ChangeRecordJson.Read(json.RootElement.GetProperty("record"u8));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"No change: {e.Message}", e);
        }
    }

    private static long Number(ref Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        Name(ref json, name);
        json.Read();
        return json.GetInt64();
    }

    private static void Name(ref Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.PropertyName || !json.ValueTextEquals(name))
        {
            throw new FormatException("No change: unexpected order of fields.");
        }
    }
}

using System.Buffers;
using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansModules.Core.Changes;

namespace OrleansModules.Storage.Journal;

/// <summary>A change as it stands in the journal.</summary>
/// <param name="Batch">Address at which the batch it was written with begins: everything before was on disk by then.</param>
/// <param name="Previous">Address of the previous change of the same scope; <see cref="None"/> where it is the first.</param>
/// <param name="Record">The change.</param>
internal sealed record JournalEntry(long Batch, long Previous, ChangeRecord Record)
{
    /// <summary>No address.</summary>
    public const long None = -1;

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Serializes what is known of a change before its place is: everything after the position.</summary>
    public static byte[] Prepare(ChangeRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Compact))
        {
            ChangeRecordJson.Write(writer, record with { Position = 0 }, withOperation: true);
        }

        Debug.Assert(buffer.WrittenSpan.StartsWith("{\"position\":0,"u8), "The position comes first in a record.");
        return buffer.WrittenSpan["{\"position\":0,"u8.Length..].ToArray();
    }

    /// <summary>Puts a prepared change in its place.</summary>
    /// <param name="destination">Cleared, then receives the JSON of the entry.</param>
    /// <param name="batch">See <see cref="Batch"/>.</param>
    /// <param name="previous">See <see cref="Previous"/>.</param>
    /// <param name="position">Place in the feed.</param>
    /// <param name="prepared">From <see cref="Prepare"/>.</param>
    public static void Place(ArrayBufferWriter<byte> destination, long batch, long previous, long position, ReadOnlySpan<byte> prepared)
    {
        destination.ResetWrittenCount();
        destination.Write("{\"batch\":"u8);
        WriteNumber(destination, batch);
        destination.Write(",\"previous\":"u8);
        WriteNumber(destination, previous);
        destination.Write(",\"record\":{\"position\":"u8);
        WriteNumber(destination, position);
        destination.Write(","u8);
        destination.Write(prepared);
        destination.Write("}"u8);
    }

    /// <summary>Reads an entry.</summary>
    /// <exception cref="FormatException">The JSON is no entry.</exception>
    public static JournalEntry Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return new JournalEntry(root.GetProperty("batch").GetInt64(), root.GetProperty("previous").GetInt64(), ChangeRecordJson.Read(root.GetProperty("record")));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"No journal entry: {e.Message}", e);
        }
    }

    private static void WriteNumber(ArrayBufferWriter<byte> destination, long number)
    {
        number.TryFormat(destination.GetSpan(20), out var length, default, System.Globalization.CultureInfo.InvariantCulture);
        destination.Advance(length);
    }
}

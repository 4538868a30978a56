using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansModules.Core.Json;

/// <summary>JSON as all parts write it: without blanks, and with characters outside ASCII as they are.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public static class CompactJson
{
    /// <summary>For writers of one's own. What the product shapes itself is not validated once more.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>One value as UTF-8.</summary>
    /// <param name="write">Writes the whole value, at once.</param>
    /// <param name="capacity">Bytes to begin with; the buffer grows.</param>
    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write, int capacity = 512)
    {
        var buffer = new ArrayBufferWriter<byte>(capacity);
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            write(writer);
        }

        return buffer.WrittenMemory;
    }
}

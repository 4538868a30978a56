using System.Buffers;
using System.Text.Json;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Json;

namespace OrleansModules.Storage.Journal;

/// <summary>The JSON of a change after its position: all that can be written before the writer knows where the change will be.</summary>
/// <remarks>Made on the thread of whoever appends, so that the one writer only copies.</remarks>
internal static class RecordTail
{
    private const int KeptBytes = 1 << 20;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <summary>Makes the tail.</summary>
    /// <param name="change">The change; its position is left out.</param>
    /// <param name="length">Length of the tail in bytes.</param>
    /// <returns>An array of the shared pool; whoever takes the tail gives it back.</returns>
    public static byte[] Rent(ChangeRecord change, out int length)
    {
        var head = "{\"position\":0"u8;
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(4096);
        var writer = _writer ??= new Utf8JsonWriter(buffer, CompactJson.Options);
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        ChangeRecordJson.Write(writer, change.Position == 0 ? change : change with { Position = 0 }, withOperation: true);
        writer.Flush();
        var written = buffer.WrittenSpan;
        if (!written.StartsWith(head) || written.Contains((byte)'\n'))
        {
            throw new InvalidOperationException("The JSON of a change must begin with its position and be one line.");
        }

        var tail = written[head.Length..];
        length = tail.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        tail.CopyTo(rented);
        if (buffer.Capacity > KeptBytes)
        {
            (_buffer, _writer) = (null, null);
        }

        return rented;
    }
}

using System.Buffers;
using System.Text.Json;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Json;
using OrleansModules.Core.Stores;

namespace OrleansModules.Core.Transfer;

/// <summary>Writes everything a store holds as JSON lines: a header, every change in the order of the feed, an end. The form is in <c>docs/transfer.md</c>.</summary>
/// <remarks>Layers are not written: folding the changes gives them. What is committed after the export began is not in it.</remarks>
public static class RecordExport
{
    /// <summary>The number of the form that is written.</summary>
    public const int Format = 1;

    private const int PageSize = 1000;

    /// <summary>Writes the export.</summary>
    /// <param name="store">The record.</param>
    /// <param name="destination">Receives UTF-8 lines, each ended by a line feed. Not disposed.</param>
    /// <param name="cancellationToken">Gives up; the export then has no end and cannot be imported.</param>
    /// <returns>The number of changes.</returns>
    /// <exception cref="StoreException">The record cannot be read.</exception>
    public static async Task<long> WriteAsync(IScopeStore store, Stream destination, CancellationToken cancellationToken)
    {
        var head = (await store.HeadAsync(cancellationToken)).Position;
        await WriteLineAsync(destination, writer =>
        {
            writer.WriteString("export"u8, "orleans-modules");
            writer.WriteNumber("format"u8, Format);
            writer.WriteNumber("changes"u8, head);
        });
        for (var position = 0L; position < head;)
        {
            foreach (var change in await store.FeedAsync(position, (int)Math.Min(PageSize, head - position), cancellationToken))
            {
                await WriteLineAsync(destination, writer => ChangeRecordJson.WriteFields(writer, change, withOperation: true));
                position = change.Position;
            }
        }

        await WriteLineAsync(destination, writer => writer.WriteNumber("end"u8, head));
        await destination.FlushAsync(cancellationToken);
        return head;
    }

    private static async Task WriteLineAsync(Stream destination, Action<Utf8JsonWriter> write)
    {
        var line = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(line, CompactJson.Options))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        line.Write("\n"u8);
        await destination.WriteAsync(line.WrittenMemory, CancellationToken.None);
    }
}

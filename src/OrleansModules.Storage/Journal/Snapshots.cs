using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Storage.Journal;

/// <summary>Snapshot files: what the journal says at one position, so that a start does not replay years.</summary>
/// <remarks>A snapshot is never needed: one that is missing or damaged costs time at the next start, nothing else.</remarks>
internal sealed class Snapshots(string directory, ILogger logger)
{
    private const int Format = 1;
    private const int Kept = 2;
    private const int FlushAt = 1 << 20;
    private const string Extension = ".snapshot";

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes a snapshot, durably, and deletes old ones.</summary>
    /// <exception cref="IOException">It could not be written; nothing is lost.</exception>
    public void Write(SnapshotContent content)
    {
        var path = Path.Combine(directory, content.Position.ToString("x16", CultureInfo.InvariantCulture) + Extension);
        var temporary = path + ".tmp";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            var lines = new ArrayBufferWriter<byte>(2 * FlushAt);
            var json = new ArrayBufferWriter<byte>(4096);
            using var writer = new Utf8JsonWriter(json, Compact);
            void Line(Action<Utf8JsonWriter> write)
            {
                json.ResetWrittenCount();
                writer.Reset();
                writer.WriteStartObject();
                write(writer);
                writer.WriteEndObject();
                writer.Flush();
                CheckedLine.Write(lines, json.WrittenSpan);
                if (lines.WrittenCount >= FlushAt)
                {
                    file.Write(lines.WrittenSpan);
                    lines.ResetWrittenCount();
                }
            }

            Line(w =>
            {
                w.WriteNumber("format"u8, Format);
                w.WriteNumber("position"u8, content.Position);
                w.WriteNumber("end"u8, content.End);
            });
            foreach (var (scope, layer, head) in content.Layers)
            {
                Line(w =>
                {
                    w.WriteNumber("head"u8, head);
                    w.WritePropertyName("layer"u8);
                    LayerJson.Write(w, scope, layer);
                });
            }

            foreach (var (id, address, at) in content.Operations)
            {
                Line(w =>
                {
                    w.WriteString("operation"u8, id);
                    w.WriteNumber("address"u8, address);
                    w.WriteString("at"u8, ChangeRecordJson.FormatTime(at));
                });
            }

            Line(w => w.WriteNumber("lines"u8, content.Layers.Count + content.Operations.Count));
            file.Write(lines.WrittenSpan);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        DirectorySync.Flush(directory);
        foreach (var old in Files().Skip(Kept))
        {
            File.Delete(old);
        }
    }

    /// <summary>The newest snapshot that is whole; null where there is none.</summary>
    /// <param name="end">Address behind the last byte of the journal: a snapshot of something later is not of this journal.</param>
    public SnapshotContent? ReadNewest(long end)
    {
        foreach (var path in Files())
        {
            try
            {
                var content = Read(path);
                if (content.End <= end)
                {
                    return content;
                }

                JournalLog.SnapshotSkipped(logger, path, "it is ahead of the journal");
            }
            catch (Exception e) when (e is FormatException or JsonException or KeyNotFoundException or InvalidOperationException or IOException)
            {
                JournalLog.SnapshotSkipped(logger, path, e.Message);
            }
        }

        return null;
    }

    private IEnumerable<string> Files() => Directory.EnumerateFiles(directory, "*" + Extension).OrderDescending(StringComparer.Ordinal);

    private static SnapshotContent Read(string path)
    {
        using var handle = File.OpenHandle(path);
        var scanner = new LineScanner(handle, 0, RandomAccess.GetLength(handle));
        using var header = Next(scanner);
        if (header.RootElement.GetProperty("format").GetInt32() != Format)
        {
            throw new FormatException("it is of another format");
        }

        var layers = new List<(ScopeId, Layer, long)>();
        var operations = new List<(string, long, DateTime)>();
        while (true)
        {
            using var line = Next(scanner);
            var root = line.RootElement;
            if (root.TryGetProperty("layer", out var value))
            {
                var (scope, layer) = LayerJson.Read(value);
                layers.Add((scope, layer, root.GetProperty("head").GetInt64()));
            }
            else if (root.TryGetProperty("operation", out var operation))
            {
                operations.Add((operation.GetString()!, root.GetProperty("address").GetInt64(), ChangeRecordJson.ParseTime(root.GetProperty("at").GetString()!)));
            }
            else
            {
                return root.GetProperty("lines").GetInt32() == layers.Count + operations.Count
                    ? new SnapshotContent(header.RootElement.GetProperty("position").GetInt64(), header.RootElement.GetProperty("end").GetInt64(), layers, operations)
                    : throw new FormatException("lines are missing");
            }
        }
    }

    private static JsonDocument Next(LineScanner scanner) => scanner.Read() && CheckedLine.TryRead(scanner.Line, out var json)
        ? JsonDocument.Parse(json)
        : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"it is damaged at offset {scanner.Offset}"));
}

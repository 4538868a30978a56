using System.Runtime.CompilerServices;
using System.Text.Json;
using OrleansModules.Core.Changes;

namespace OrleansModules.Core.Transfer;

/// <summary>Reads what <see cref="RecordExport"/> wrote, and refuses a file that is not whole.</summary>
internal static class RecordExportReader
{
    /// <summary>The changes, in order.</summary>
    /// <param name="source">Read from where it stands to its end. Not disposed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FormatException">The file is no export, or not whole; the message names the line.</exception>
    public static async IAsyncEnumerable<ChangeRecord> ReadAsync(Stream source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(source, leaveOpen: true);
        var changes = Header(await reader.ReadLineAsync(cancellationToken));
        for (var position = 1L; position <= changes; position++)
        {
            var line = await reader.ReadLineAsync(cancellationToken) ?? throw Wrong(position + 1, $"the file ends after {position - 1} of {changes} changes");
            yield return Change(line, position);
        }

        if (await reader.ReadLineAsync(cancellationToken) is not { } end || !IsEnd(end, changes))
        {
            throw Wrong(changes + 2, "the end of the export is missing");
        }

        if (await reader.ReadLineAsync(cancellationToken) is not null)
        {
            throw Wrong(changes + 3, "something follows the end of the export");
        }
    }

    private static long Header(string? line)
    {
        try
        {
            using var json = JsonDocument.Parse(line ?? "");
            var header = json.RootElement;
            if (header.TryGetProperty("export", out var name) && name.ValueEquals("orleans-modules"))
            {
                return header.GetProperty("format").GetInt32() == RecordExport.Format
                    ? header.GetProperty("changes").GetInt64()
                    : throw Wrong(1, $"format {header.GetProperty("format")} is not known here; this program reads format {RecordExport.Format}");
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // No header: said below.
        }

        throw Wrong(1, "this is no export of modules");
    }

    private static ChangeRecord Change(string line, long position)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var change = ChangeRecordJson.Read(json.RootElement);
            return change.Position == position ? change : throw new FormatException($"position {change.Position} stands where {position} should");
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw Wrong(position + 1, e.Message.TrimEnd('.'));
        }
    }

    private static bool IsEnd(string line, long changes)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.TryGetProperty("end", out var end) && end.GetInt64() == changes;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static FormatException Wrong(long line, string what) => new($"Line {line}: {what}.");
}

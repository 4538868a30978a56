using System.Text.Json;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;

namespace OrleansModules.Storage.Journal;

/// <summary>Reads a snapshot, all of it or nothing.</summary>
internal static class SnapshotReader
{
    /// <summary>Reads a snapshot.</summary>
    /// <exception cref="FormatException">It is not whole, not sound, or of an unknown format.</exception>
    public static Snapshot Read(IJournalFile file)
    {
        using var lines = new LineScanner(file, 0, file.Length, LineScanner.LongRead);
        Snapshot? snapshot = null;
        var orgIds = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var count = 0L; lines.Read(); count++)
        {
            if (!lines.IsSound)
            {
                throw new FormatException($"the line at byte {lines.Offset} is damaged.");
            }

            try
            {
                using var json = JsonDocument.Parse(lines.Line[JournalLine.PrefixBytes..]);
                if (snapshot is null)
                {
                    snapshot = Header(json.RootElement);
                }
                else if (json.RootElement.TryGetProperty("lines"u8, out var trailer))
                {
                    return trailer.GetInt64() == count && !lines.Read()
                        ? snapshot
                        : throw new FormatException($"the trailer speaks of {trailer.GetInt64()} lines, there are {count}.");
                }
                else
                {
                    Add(snapshot, json.RootElement, orgIds);
                }
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
            {
                throw new FormatException($"the line at byte {lines.Offset} cannot be read: {e.Message}", e);
            }
        }

        throw new FormatException("it has no trailer.");
    }

    private static Snapshot Header(JsonElement line)
    {
        var format = line.GetProperty("format"u8).GetInt32();
        return format == SnapshotWriter.Format
            ? new Snapshot(
                line.GetProperty("position"u8).GetInt64(),
                line.GetProperty("address"u8).GetInt64(),
                line.GetProperty("orgs"u8).GetInt32(),
                line.GetProperty("workspaces"u8).GetInt32())
            : throw new FormatException($"format {format} is not known here; this version reads format {SnapshotWriter.Format}.");
    }

    private static void Add(Snapshot snapshot, JsonElement line, Dictionary<string, string> orgIds)
    {
        if (line.TryGetProperty("operationId"u8, out var operationId))
        {
            var entry = new OperationEntry(
                line.GetProperty("address"u8).GetInt64(), ChangeRecordJson.ParseTime(line.GetProperty("at"u8)));
            snapshot.Operations.Add((operationId.GetString() ?? "", entry));
            return;
        }

        var (scope, layer) = LayerJson.Read(line.GetProperty("layer"u8));
        snapshot.Layers.Add((scope, ShareOrgId(layer, orgIds), line.GetProperty("head"u8).GetInt64()));
    }

    private static Layer ShareOrgId(Layer layer, Dictionary<string, string> orgIds)
    {
        if (layer is not ScopeLayer { OrgId: { } orgId } below)
        {
            return layer;
        }

        if (!orgIds.TryGetValue(orgId, out var shared))
        {
            orgIds.Add(orgId, orgId);
            return layer;
        }

        return ScopeLayer.Make(below.Revision, below.Properties with { OrgId = shared }, below.Overrides.ToArray(), below.Extras);
    }
}

using System.Text.Json;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Storage.Journal;

/// <summary>Reads a snapshot, all of it or nothing. While some lines are taken in, the next are parsed. Not safe for concurrent use.</summary>
internal sealed class SnapshotReader
{
    private readonly LineChunk<Item> _chunk = new(Parse);
    private readonly Dictionary<string, string> _orgIds = new(StringComparer.Ordinal);
    private Snapshot? _snapshot;
    private long _lines;
    private bool _isEnded;

    /// <summary>Reads a snapshot.</summary>
    /// <exception cref="FormatException">It is not whole, not sound, or of an unknown format.</exception>
    public static Snapshot Read(IJournalFile file) => new SnapshotReader().ReadAll(file);

    private Snapshot ReadAll(IJournalFile file)
    {
        using var lines = new LineScanner(file, 0, file.Length, LineScanner.LongRead);
        while (lines.Read())
        {
            if (!lines.IsSound)
            {
                throw new FormatException($"the line at byte {lines.Offset} is damaged.");
            }

            _chunk.Add(lines.Line, lines.Offset);
            if (_chunk.IsFull)
            {
                Take(_chunk.Turn());
            }
        }

        Take(_chunk.Rest());
        return _isEnded && _snapshot is { } snapshot ? snapshot : throw new FormatException("it has no trailer.");
    }

    private void Take(ParsedLine<Item>[] lines)
    {
        foreach (var line in lines)
        {
            if (line.Fault is { } fault)
            {
                throw new FormatException($"the line at byte {line.Offset} cannot be read: {fault.Message}", fault);
            }

            Take(line.Content);
            _lines++;
        }
    }

    private void Take(Item item)
    {
        if (_isEnded)
        {
            throw new FormatException("there are lines after the trailer.");
        }

        switch (item)
        {
            case { Header: { } header } when _snapshot is null:
                _snapshot = header;
                break;
            case { Lines: { } lines } when _snapshot is not null:
                _isEnded = lines == _lines ? true : throw new FormatException($"the trailer speaks of {lines} lines, there are {_lines}.");
                break;
            case { Operation: { } operation } when _snapshot is not null:
                _snapshot.Operations.Add(operation);
                break;
            case { Layer: { } layer } when _snapshot is not null:
                _snapshot.Layers.Add((layer.Scope, ShareOrgId(layer.Layer), layer.Head));
                break;
            default:
                throw new FormatException(_snapshot is null ? "it does not begin with its format." : "it begins twice.");
        }
    }

    private static Item Parse(byte[] line)
    {
        try
        {
            using var json = JsonDocument.Parse(line.AsMemory(JournalLine.PrefixBytes));
            var content = json.RootElement;
            if (content.TryGetProperty("layer"u8, out var layer))
            {
                var (scope, read) = LayerJson.Read(layer);
                return new Item { Layer = (scope, read, content.GetProperty("head"u8).GetInt64()) };
            }

            return content.TryGetProperty("operationId"u8, out var operationId)
                    ? new Item { Operation = (operationId.GetString() ?? "", new OperationEntry(content.GetProperty("address"u8).GetInt64(), ChangeRecordJson.ParseTime(content.GetProperty("at"u8)))) }
                : content.TryGetProperty("lines"u8, out var lines) ? new Item { Lines = lines.GetInt64() }
                : new Item { Header = Header(content) };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException(e.Message, e);
        }
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

    private Layer ShareOrgId(Layer layer)
    {
        if (layer is not ScopeLayer { OrgId: { } orgId } below)
        {
            return layer;
        }

        if (!_orgIds.TryGetValue(orgId, out var shared))
        {
            _orgIds.Add(orgId, orgId);
            return layer;
        }

        return ScopeLayer.Make(below.Revision, below.Properties with { OrgId = shared }, below.Overrides.ToArray(), below.Extras);
    }

    /// <summary>What a line holds: one of these.</summary>
    private readonly record struct Item
    {
        public Snapshot? Header { get; init; }

        public (ScopeId Scope, Layer Layer, long Head)? Layer { get; init; }

        public (string Id, OperationEntry Entry)? Operation { get; init; }

        public long? Lines { get; init; }
    }
}

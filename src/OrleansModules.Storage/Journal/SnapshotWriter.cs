using System.Text.Json;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Json;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Storage.Journal;

/// <summary>Writes a copy of the state to a file.</summary>
internal sealed class SnapshotWriter : IDisposable
{
    /// <summary>The format that is written and read.</summary>
    public const int Format = 1;

    private const int WriteBytes = 256 << 10;

    private readonly LineBuffer _lines = new();
    private readonly Utf8JsonWriter _json;
    private readonly IJournalFile _file;
    private readonly CancellationToken _stop;
    private long _offset;
    private long _count;

    private SnapshotWriter(IJournalFile file, CancellationToken stop)
    {
        _json = new Utf8JsonWriter(_lines, CompactJson.Options);
        (_file, _stop) = (file, stop);
    }

    /// <summary>Writes the whole snapshot and flushes it.</summary>
    /// <returns>The number of layers.</returns>
    /// <exception cref="OperationCanceledException">The store is being closed.</exception>
    public static long Write(IJournalFile file, StateCopy copy, CancellationToken stop)
    {
        using var writer = new SnapshotWriter(file, stop);
        file.SetLength(0);
        return writer.Write(copy);
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private long Write(StateCopy copy)
    {
        Header(copy);
        if (copy.System.Layer is not null)
        {
            Layer(ScopeId.System, copy.System);
        }

        foreach (var (id, entry) in copy.Orgs)
        {
            Layer(ScopeId.Org(id), entry);
        }

        foreach (var (id, entry) in copy.Workspaces)
        {
            Layer(ScopeId.Workspace(id), entry);
        }

        var layers = _count - 1;
        foreach (var (id, entry) in copy.Operations)
        {
            Operation(id, entry);
        }

        Line(() => _json.WriteNumber("lines"u8, _count));
        Spill();
        _file.Flush();
        return layers;
    }

    private void Header(StateCopy copy) => Line(() =>
    {
        _json.WriteNumber("format"u8, Format);
        _json.WriteNumber("position"u8, copy.Position);
        _json.WriteNumber("address"u8, copy.Address);
        _json.WriteNumber("orgs"u8, copy.Orgs.Length);
        _json.WriteNumber("workspaces"u8, copy.Workspaces.Length);
    });

    private void Layer(ScopeId scope, ScopeEntry entry) => Line(() =>
    {
        _json.WriteNumber("head"u8, entry.HeadAddress);
        _json.WritePropertyName("layer"u8);
        LayerJson.Write(_json, scope, entry.Layer!); // An entry that is in the state has a layer.
    });

    private void Operation(string id, OperationEntry entry) => Line(() =>
    {
        _json.WriteString("operationId"u8, id);
        _json.WriteNumber("address"u8, entry.Address);
        _json.WriteString("at"u8, ChangeRecordJson.FormatTime(entry.At));
    });

    private void Line(Action fields)
    {
        _lines.BeginLine();
        _json.Reset(_lines);
        _json.WriteStartObject();
        fields();
        _json.WriteEndObject();
        _json.Flush();
        _lines.EndLine();
        _count++;
        if (_lines.Length >= WriteBytes)
        {
            Spill();
        }
    }

    private void Spill()
    {
        _stop.ThrowIfCancellationRequested();
        _file.Write(_lines.Written, _offset);
        _offset += _lines.Length;
        _lines.Clear();
    }
}

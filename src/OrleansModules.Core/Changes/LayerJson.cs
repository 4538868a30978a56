using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Changes;

/// <summary>The JSON form of a layer with its provenance, for snapshots: reading it back gives an equal layer.</summary>
public static class LayerJson
{
    /// <summary>Writes a scope and its layer as one JSON object.</summary>
    public static void Write(Utf8JsonWriter writer, ScopeId scope, Layer layer)
    {
        writer.WriteStartObject();
        writer.WriteString("scope"u8, scope.ToString());
        writer.WriteNumber("revision"u8, layer.Revision);
        writer.WritePropertyName("properties"u8);
        switch (layer)
        {
            case SystemLayer system:
                ChangeRecordJson.WriteProperties(writer, new ScopeProperties(null, null, IsDeleted: false, system.HostVersion));
                WriteDefinitions(writer, system);
                break;
            case ScopeLayer below:
                ChangeRecordJson.WriteProperties(writer, below.Properties);
                WriteOverrides(writer, below);
                break;
        }

        ExtrasJson.Write(writer, layer.Extras);
        writer.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The value is no layer.</exception>
    public static (ScopeId Scope, Layer Layer) Read(JsonElement value)
    {
        try
        {
            var scope = ScopeId.Parse(value.GetProperty("scope").GetString()!);
            var revision = value.GetProperty("revision").GetInt64();
            var properties = ChangeRecordJson.ReadProperties(value.GetProperty("properties"));
            return (scope, scope.Kind == ScopeKind.System ? ReadSystem(value, revision, properties) : ReadScope(value, revision, properties));
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"No layer: {e.Message}", e);
        }
    }

    private static SystemLayer ReadSystem(JsonElement value, long revision, ScopeProperties properties)
    {
        var definitions = ImmutableDictionary.CreateBuilder<string, DefinitionEntry>(StringComparer.Ordinal);
        foreach (var item in value.GetProperty("definitions").EnumerateArray())
        {
            var definition = DefinitionJson.ReadStored(item.GetProperty("definition"));
            definitions[definition.Name] = new DefinitionEntry(definition, ReadProvenance(item.GetProperty("provenance")), ReadMark(item.GetProperty("registered")));
        }

        return new SystemLayer(revision, definitions.ToImmutable(), properties.HostVersion, ExtrasJson.Read(value));
    }

    private static ScopeLayer ReadScope(JsonElement value, long revision, ScopeProperties properties) => value.TryGetProperty("overrides", out var overrides)
        ? ScopeLayer.Make(revision, properties, [.. overrides.EnumerateArray().Select(item => new OverrideEntry(
            OverrideJson.ReadStored(item.GetProperty("module").GetString()!, item.GetProperty("override")), ReadProvenance(item.GetProperty("provenance"))))], ExtrasJson.Read(value))
        : ScopeLayer.Make(revision, properties, [], ExtrasJson.Read(value));

    private static void WriteDefinitions(Utf8JsonWriter writer, SystemLayer layer)
    {
        writer.WriteStartArray("definitions"u8);
        foreach (var entry in layer.Definitions.Values.OrderBy(d => d.Definition.Name, StringComparer.Ordinal))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("definition"u8);
            DefinitionJson.Write(writer, entry.Definition);
            writer.WritePropertyName("provenance"u8);
            WriteProvenance(writer, entry.Provenance);
            writer.WritePropertyName("registered"u8);
            WriteMark(writer, entry.Registered);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteOverrides(Utf8JsonWriter writer, ScopeLayer layer)
    {
        if (layer.Overrides.IsEmpty)
        {
            return;
        }

        writer.WriteStartArray("overrides"u8);
        foreach (var entry in layer.Overrides)
        {
            writer.WriteStartObject();
            writer.WriteString("module"u8, entry.Override.Module);
            writer.WritePropertyName("override"u8);
            OverrideJson.Write(writer, entry.Override);
            writer.WritePropertyName("provenance"u8);
            WriteProvenance(writer, entry.Provenance);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes a provenance as one JSON object.</summary>
    public static void WriteProvenance(Utf8JsonWriter writer, Provenance provenance)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("whole"u8);
        WriteMark(writer, provenance.Whole);
        if (provenance.Exceptions is { } exceptions)
        {
            writer.WriteStartObject("exceptions"u8);
            foreach (var (pointer, mark) in exceptions.OrderBy(e => e.Key, StringComparer.Ordinal))
            {
                writer.WritePropertyName(pointer);
                WriteMark(writer, mark);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads what <see cref="WriteProvenance"/> wrote.</summary>
    public static Provenance ReadProvenance(JsonElement value)
    {
        var whole = ReadMark(value.GetProperty("whole"));
        return value.TryGetProperty("exceptions", out var exceptions)
            ? new Provenance(whole, exceptions.EnumerateObject().ToFrozenDictionary(e => e.Name, e => ReadMark(e.Value), StringComparer.Ordinal))
            : Provenance.New(whole);
    }

    /// <summary>Writes a mark as one JSON object.</summary>
    public static void WriteMark(Utf8JsonWriter writer, ChangeMark mark)
    {
        writer.WriteStartObject();
        writer.WriteNumber("revision"u8, mark.Revision);
        writer.WriteString("at"u8, ChangeRecordJson.FormatTime(mark.At));
        writer.WriteString("actor"u8, mark.Actor);
        writer.WriteEndObject();
    }

    /// <summary>Reads what <see cref="WriteMark"/> wrote.</summary>
    public static ChangeMark ReadMark(JsonElement value) => new(
        value.GetProperty("revision").GetInt64(),
        ChangeRecordJson.ParseTime(value.GetProperty("at")),
        NamePool.Get(value.GetProperty("actor").GetString() ?? throw new FormatException("No actor.")));
}

using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using NuGet.Versioning;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Changes;

/// <summary>The JSON form of a change record: journal lines, history answers and exports share it.</summary>
public static class ChangeRecordJson
{
    private static readonly FrozenDictionary<string, ChangeKind> Kinds =
        Enum.GetValues<ChangeKind>().ToFrozenDictionary(k => JsonNamingPolicy.KebabCaseLower.ConvertName(k.ToString()), StringComparer.Ordinal);

    private static readonly FrozenDictionary<ChangeKind, string> Words = Kinds.ToFrozenDictionary(k => k.Value, k => k.Key);

    /// <summary>The word of a kind.</summary>
    public static string Word(ChangeKind kind) => Words[kind];

    /// <summary>All of a record, operation included, as one JSON object.</summary>
    public static byte[] ToUtf8(ChangeRecord record) => CompactJson.Write(writer => Write(writer, record, withOperation: true)).ToArray();

    /// <summary>Writes a record as one JSON object.</summary>
    /// <param name="writer">Receives it.</param>
    /// <param name="record">The record.</param>
    /// <param name="withOperation">Whether to write operation id, fingerprint and the hashes of secrets, which are nobody's business but the store's.</param>
    public static void Write(Utf8JsonWriter writer, ChangeRecord record, bool withOperation)
    {
        writer.WriteStartObject();
        WriteFields(writer, record, withOperation);
        writer.WriteEndObject();
    }

    /// <summary>Writes the fields of a record into an object that is already open.</summary>
    public static void WriteFields(Utf8JsonWriter writer, ChangeRecord record, bool withOperation)
    {
        writer.WriteNumber("position"u8, record.Position);
        writer.WriteString("scope"u8, record.Scope.ToString());
        writer.WriteNumber("revision"u8, record.Revision);
        writer.WriteString("kind"u8, Word(record.Kind));
        writer.WriteString("version"u8, record.Version.ToString());
        writer.WriteString("at"u8, FormatTime(record.At));
        writer.WriteString("actor"u8, record.Actor);
        WriteOptional(writer, "reason", record.Reason);
        if (withOperation)
        {
            WriteOptional(writer, "operationId", record.OperationId);
            WriteOptional(writer, "fingerprint", record.Fingerprint);
        }

        if (record.Properties is { } properties)
        {
            writer.WritePropertyName("properties"u8);
            WriteProperties(writer, properties);
        }

        if (!record.Definitions.IsEmpty)
        {
            WriteDefinitions(writer, record.Definitions);
        }

        if (!record.Overrides.IsEmpty)
        {
            WriteOverrides(writer, record.Overrides);
        }

        ExtrasJson.WriteChanges(writer, record, withSecrets: withOperation);
        if (!record.Broke.IsEmpty)
        {
            writer.WriteStartArray("broke"u8);
            foreach (var module in record.Broke)
            {
                writer.WriteStringValue(module);
            }

            writer.WriteEndArray();
        }
    }

    /// <summary>Writes what a scope is as one JSON object.</summary>
    public static void WriteProperties(Utf8JsonWriter writer, ScopeProperties properties)
    {
        writer.WriteStartObject();
        WriteOptional(writer, "name", properties.Name);
        WriteOptional(writer, "orgId", properties.OrgId);
        WriteOptional(writer, "hostVersion", properties.HostVersion?.ToFullString());
        if (properties.IsDeleted)
        {
            writer.WriteBoolean("isDeleted"u8, true);
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads what <see cref="WriteProperties"/> wrote.</summary>
    public static ScopeProperties ReadProperties(JsonElement value) => new(
        Optional(value, "name")?.GetString(),
        Optional(value, "orgId")?.GetString(),
        Optional(value, "isDeleted")?.GetBoolean() ?? false,
        Optional(value, "hostVersion")?.GetString() is { } host ? SemanticVersion.Parse(host) : null);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">The value is no record.</exception>
    public static ChangeRecord Read(JsonElement value)
    {
        try
        {
            return new ChangeRecord
            {
                Position = value.GetProperty("position").GetInt64(),
                Scope = ScopeId.Parse(value.GetProperty("scope").GetString()!),
                Revision = value.GetProperty("revision").GetInt64(),
                Kind = Kinds[value.GetProperty("kind").GetString()!],
                Version = MapVersion.TryParse(value.GetProperty("version").GetString(), out var version) ? version : throw new FormatException("No version."),
                At = ParseTime(value.GetProperty("at")),
                Actor = value.GetProperty("actor").GetString() ?? throw new FormatException("No actor."),
                Reason = Optional(value, "reason")?.GetString(),
                OperationId = Optional(value, "operationId")?.GetString(),
                Fingerprint = Optional(value, "fingerprint")?.GetString(),
                Properties = Optional(value, "properties") is { } properties ? ReadProperties(properties) : null,
                Definitions = Items(value, "definitions", d => new DefinitionChange(
                    Optional(d, "before") is { } before ? DefinitionJson.ReadStored(before) : null, DefinitionJson.ReadStored(d.GetProperty("after")))),
                Overrides = Items(value, "overrides", ReadOverride),
                Settings = ExtrasJson.ReadSettings(value),
                Members = ExtrasJson.ReadMembers(value),
                Tokens = ExtrasJson.ReadTokens(value),
                Broke = Items(value, "broke", b => b.GetString()!),
            };
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"No change record: {e.Message}", e);
        }
    }

    /// <summary>RFC 3339 in UTC with milliseconds.</summary>
    public static string FormatTime(DateTime at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads what <see cref="FormatTime"/> wrote.</summary>
    /// <exception cref="FormatException">The value is no time in UTC.</exception>
    public static DateTime ParseTime(JsonElement value) =>
        value.GetDateTime() is { Kind: DateTimeKind.Utc } time ? time : throw new FormatException("A time is written in UTC, with a Z.");

    private static void WriteDefinitions(Utf8JsonWriter writer, ImmutableArray<DefinitionChange> changes)
    {
        writer.WriteStartArray("definitions"u8);
        foreach (var change in changes)
        {
            writer.WriteStartObject();
            if (change.Before is { } before)
            {
                writer.WritePropertyName("before"u8);
                DefinitionJson.Write(writer, before);
            }

            writer.WritePropertyName("after"u8);
            DefinitionJson.Write(writer, change.After);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteOverrides(Utf8JsonWriter writer, ImmutableArray<OverrideChange> changes)
    {
        writer.WriteStartArray("overrides"u8);
        foreach (var change in changes)
        {
            writer.WriteStartObject();
            writer.WriteString("module"u8, change.Module);
            if (change.Before is { } before)
            {
                writer.WritePropertyName("before"u8);
                OverrideJson.Write(writer, before);
            }

            if (change.After is { } after)
            {
                writer.WritePropertyName("after"u8);
                OverrideJson.Write(writer, after);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static OverrideChange ReadOverride(JsonElement value)
    {
        var module = value.GetProperty("module").GetString()!;
        return new OverrideChange(
            module,
            Optional(value, "before") is { } before ? OverrideJson.ReadStored(module, before) : null,
            Optional(value, "after") is { } after ? OverrideJson.ReadStored(module, after) : null);
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    internal static JsonElement? Optional(JsonElement value, string name) =>
        value.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null ? found : null;

    internal static ImmutableArray<T> Items<T>(JsonElement value, string name, Func<JsonElement, T> read) =>
        Optional(value, name) is { } items ? [.. items.EnumerateArray().Select(read)] : [];
}

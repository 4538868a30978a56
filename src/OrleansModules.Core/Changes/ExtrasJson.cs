using System.Collections.Immutable;
using System.Text.Json;
using OrleansModules.Core.Access;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Json;

namespace OrleansModules.Core.Changes;

/// <summary>The JSON form of what a scope says besides modules: settings, members and tokens, in records and in layers.</summary>
public static class ExtrasJson
{
    internal static void WriteChanges(Utf8JsonWriter writer, ChangeRecord record, bool withSecrets)
    {
        if (record.Settings is { } settings)
        {
            writer.WriteStartObject("settings"u8);
            writer.WritePropertyName("before"u8);
            settings.Before.WriteTo(writer);
            writer.WritePropertyName("after"u8);
            settings.After.WriteTo(writer);
            writer.WriteEndObject();
        }

        if (!record.Members.IsEmpty)
        {
            writer.WriteStartArray("members"u8);
            foreach (var change in record.Members)
            {
                writer.WriteStartObject();
                writer.WriteString("subject"u8, change.Subject);
                WriteRole(writer, "before", change.Before);
                WriteRole(writer, "after", change.After);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        if (!record.Tokens.IsEmpty)
        {
            writer.WriteStartArray("tokens"u8);
            foreach (var change in record.Tokens)
            {
                writer.WriteStartObject();
                writer.WriteString("id"u8, change.Id);
                WriteToken(writer, "before", change.Before, withSecrets);
                WriteToken(writer, "after", change.After, withSecrets);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }
    }

    internal static SettingsChange? ReadSettings(JsonElement record) => ChangeRecordJson.Optional(record, "settings") is { } settings
        ? new SettingsChange(JsonObjectValue.From(settings.GetProperty("before")), JsonObjectValue.From(settings.GetProperty("after")))
        : null;

    internal static ImmutableArray<MemberChange> ReadMembers(JsonElement record) => ChangeRecordJson.Items(
        record, "members", m => new MemberChange(m.GetProperty("subject").GetString()!, ReadRole(ChangeRecordJson.Optional(m, "before")), ReadRole(ChangeRecordJson.Optional(m, "after"))));

    internal static ImmutableArray<TokenChange> ReadTokens(JsonElement record) => ChangeRecordJson.Items(
        record, "tokens", t => new TokenChange(t.GetProperty("id").GetString()!, ReadToken(ChangeRecordJson.Optional(t, "before")), ReadToken(ChangeRecordJson.Optional(t, "after"))));

    internal static void Write(Utf8JsonWriter writer, LayerExtras extras)
    {
        if (!extras.Settings.IsEmpty)
        {
            writer.WritePropertyName("settings"u8);
            extras.Settings.WriteTo(writer);
        }

        if (extras.Access.MemberCount > 0)
        {
            writer.WriteStartArray("members"u8);
            foreach (var member in extras.Access.Members)
            {
                writer.WriteStartObject();
                writer.WriteString("subject"u8, member.Subject);
                WriteRole(writer, "role", member.Role);
                writer.WritePropertyName("mark"u8);
                LayerJson.WriteMark(writer, member.Mark);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        if (extras.Access.TokenCount > 0)
        {
            writer.WriteStartArray("tokens"u8);
            foreach (var token in extras.Access.Tokens)
            {
                WriteToken(writer, token, withSecrets: true);
            }

            writer.WriteEndArray();
        }
    }

    /// <summary>Reads the fields <c>settings</c>, <c>members</c> and <c>tokens</c> of an object, each of which may be absent or null.</summary>
    /// <exception cref="FormatException">A role is unknown, or a time is none.</exception>
    public static LayerExtras Read(JsonElement layer)
    {
        var settings = ChangeRecordJson.Optional(layer, "settings");
        var members = ChangeRecordJson.Optional(layer, "members");
        var tokens = ChangeRecordJson.Optional(layer, "tokens");
        if (settings is null && members is null && tokens is null)
        {
            return LayerExtras.None;
        }

        var access = ScopeAccess.Empty;
        foreach (var member in members?.EnumerateArray() ?? default)
        {
            access = access.With(new Member(member.GetProperty("subject").GetString()!, ReadRole(member.GetProperty("role"))!.Value, LayerJson.ReadMark(member.GetProperty("mark"))));
        }

        foreach (var token in tokens?.EnumerateArray() ?? default)
        {
            access = access.With(ReadToken(token)!);
        }

        return new LayerExtras(access, settings is { } said ? JsonObjectValue.From(said) : JsonObjectValue.Empty);
    }

    private static void WriteRole(Utf8JsonWriter writer, string name, ScopeRole? role)
    {
        if (role is { } known)
        {
            writer.WriteString(name, ScopeRoles.Word(known));
        }
    }

    /// <summary>A token with its secrets, as an object.</summary>
    public static JsonObjectValue ToValue(AccessToken token) => JsonObjectValue.Build(writer => WriteToken(writer, token, withSecrets: true));

    /// <summary>Reads what <see cref="ToValue"/> made.</summary>
    public static AccessToken ReadToken(JsonElement token) => ReadToken((JsonElement?)token)!;

    private static ScopeRole? ReadRole(JsonElement? value) => value is not { } word
        ? null
        : ScopeRoles.TryParse(word.GetString(), out var role) ? role : throw new FormatException($"'{word}' is no role.");

    private static void WriteToken(Utf8JsonWriter writer, string name, AccessToken? token, bool withSecrets)
    {
        if (token is not null)
        {
            writer.WritePropertyName(name);
            WriteToken(writer, token, withSecrets);
        }
    }

    private static void WriteToken(Utf8JsonWriter writer, AccessToken token, bool withSecrets)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, token.Id);
        writer.WriteString("name"u8, token.Name);
        WriteRole(writer, "role", token.Role);
        writer.WriteString("createdAt"u8, ChangeRecordJson.FormatTime(token.CreatedAt));
        WriteTime(writer, "expiresAt", token.ExpiresAt);
        writer.WriteStartArray("secrets"u8);
        foreach (var secret in token.Secrets)
        {
            writer.WriteStartObject();
            if (withSecrets)
            {
                writer.WriteString("hash"u8, secret.Hash);
            }

            writer.WriteString("createdAt"u8, ChangeRecordJson.FormatTime(secret.CreatedAt));
            WriteTime(writer, "expiresAt", secret.ExpiresAt);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static AccessToken? ReadToken(JsonElement? value) => value is not { } token
        ? null
        : new AccessToken(
            token.GetProperty("id").GetString()!,
            token.GetProperty("name").GetString()!,
            ReadRole(token.GetProperty("role"))!.Value,
            ChangeRecordJson.ParseTime(token.GetProperty("createdAt")),
            ReadTime(token),
            [.. token.GetProperty("secrets").EnumerateArray().Select(s => new TokenSecret(s.GetProperty("hash").GetString()!, ChangeRecordJson.ParseTime(s.GetProperty("createdAt")), ReadTime(s)))]);

    private static void WriteTime(Utf8JsonWriter writer, string name, DateTime? at)
    {
        if (at is { } known)
        {
            writer.WriteString(name, ChangeRecordJson.FormatTime(known));
        }
    }

    private static DateTime? ReadTime(JsonElement value) => ChangeRecordJson.Optional(value, "expiresAt") is { } at ? ChangeRecordJson.ParseTime(at) : null;
}

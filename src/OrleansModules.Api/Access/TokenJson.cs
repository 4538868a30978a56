using System.Text.Json;
using OrleansModules.Core.Access;
using OrleansModules.Core.Changes;

namespace OrleansModules.Api.Access;

/// <summary>The JSON form of a token in answers: without secrets and without their hashes.</summary>
internal static class TokenJson
{
    /// <summary>Writes a token as one JSON object.</summary>
    public static void Write(Utf8JsonWriter writer, AccessToken token)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, token.Id);
        writer.WriteString("name"u8, token.Name);
        writer.WriteString("role"u8, ScopeRoles.Word(token.Role));
        writer.WriteString("createdAt"u8, ChangeRecordJson.FormatTime(token.CreatedAt));
        writer.WriteString("expiresAt"u8, Time(token.ExpiresAt));
        writer.WriteStartArray("secrets"u8);
        foreach (var secret in token.Secrets)
        {
            writer.WriteStartObject();
            writer.WriteString("createdAt"u8, ChangeRecordJson.FormatTime(secret.CreatedAt));
            writer.WriteString("expiresAt"u8, Time(secret.ExpiresAt));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>A time, or null.</summary>
    public static string? Time(DateTime? at) => at is { } known ? ChangeRecordJson.FormatTime(known) : null;
}

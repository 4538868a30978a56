using System.Text.Json;
using OrleansModules.Api.Access;
using OrleansModules.Core.Access;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Changes;

/// <summary>The answer to a write, made from the change record alone, so that a repeated request answers the same.</summary>
internal static class ReceiptJson
{
    /// <summary>Writes the receipt of a change.</summary>
    /// <param name="writer">Receives it.</param>
    /// <param name="record">The change.</param>
    /// <param name="more">Writes more members; null for none.</param>
    public static void Write(Utf8JsonWriter writer, ChangeRecord record, Action? more = null)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("changed"u8, true);
        writer.WriteString("scope"u8, record.Scope.ToString());
        writer.WriteNumber("revision"u8, record.Revision);
        writer.WriteString("version"u8, record.Version.ToString());
        writer.WriteNumber("position"u8, record.Position);
        writer.WriteString("kind"u8, ChangeRecordJson.Word(record.Kind));
        writer.WriteString("at"u8, ChangeRecordJson.FormatTime(record.At));
        writer.WriteString("actor"u8, record.Actor);
        if (record.Reason is { } reason)
        {
            writer.WriteString("reason"u8, reason);
        }

        if (record.Properties is { } properties)
        {
            writer.WritePropertyName("properties"u8);
            ChangeRecordJson.WriteProperties(writer, properties);
        }

        if (record.Definitions is [var definition])
        {
            writer.WriteString("module"u8, definition.After.Name);
            writer.WritePropertyName("definition"u8);
            DefinitionJson.Write(writer, definition.After);
        }
        else if (record.Overrides is [var change])
        {
            writer.WriteString("module"u8, change.Module);
            writer.WritePropertyName("override"u8);
            if (change.After is { } after)
            {
                OverrideJson.Write(writer, after);
            }
            else
            {
                writer.WriteNullValue();
            }
        }

        if (record.Members is [var member])
        {
            writer.WriteString("subject"u8, member.Subject);
            writer.WriteString("role"u8, member.After is { } role ? ScopeRoles.Word(role) : null);
        }

        if (record.Tokens is [var token] && (token.After ?? token.Before) is { } said)
        {
            writer.WritePropertyName("token"u8);
            TokenJson.Write(writer, said);
        }

        more?.Invoke();
        writer.WriteStartArray("broke"u8);
        foreach (var module in record.Broke)
        {
            writer.WriteStringValue(module);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Writes that everything was as wanted already.</summary>
    public static void WriteUnchanged(Utf8JsonWriter writer, ScopeId scope, MapVersion version)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("changed"u8, false);
        writer.WriteString("scope"u8, scope.ToString());
        writer.WriteNumber("revision"u8, version.Own);
        writer.WriteString("version"u8, version.ToString());
        writer.WriteEndObject();
    }
}

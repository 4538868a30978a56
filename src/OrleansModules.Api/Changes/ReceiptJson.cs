using System.Text.Json;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Modules;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Changes;

/// <summary>The answer to a write, made from the change record alone, so that a repeated request answers the same.</summary>
internal static class ReceiptJson
{
    /// <summary>Writes the receipt of a change.</summary>
    public static void Write(Utf8JsonWriter writer, ChangeRecord record)
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

using System.Text.Json;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Changes;
using OrleansModules.Core.Explanations;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Overrides;

/// <summary>The JSON form of an explanation.</summary>
internal static class ExplanationJson
{
    /// <summary>Writes an explanation.</summary>
    public static void Write(Utf8JsonWriter writer, Explanation explanation)
    {
        writer.WriteStartObject();
        writer.WriteString("scope"u8, explanation.Scope.ToString());
        writer.WriteString("version"u8, explanation.Version.ToString());
        writer.WriteString("module"u8, explanation.Module.Name);
        writer.WriteStartObject("enabled"u8);
        writer.WriteBoolean("value"u8, explanation.Module.IsEnabled);
        WriteDecision(writer, explanation.Enabled);
        writer.WriteEndObject();
        writer.WriteStartObject("available"u8);
        writer.WriteBoolean("value"u8, explanation.Module.IsAvailable);
        WriteReasons(writer, "reasons"u8, explanation.Availability);
        writer.WriteEndObject();
        WriteValues(writer, "config"u8, explanation.Config);
        WriteValues(writer, "featureFlags"u8, explanation.FeatureFlags);
        writer.WriteStartArray("scopes"u8);
        foreach (var statement in explanation.Says)
        {
            WriteStatement(writer, statement);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteReasons(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<ReasonExplanation> reasons)
    {
        writer.WriteStartArray(name);
        foreach (var reason in reasons)
        {
            writer.WriteStartObject();
            writer.WriteString("code"u8, reason.Reason.Word);
            if (reason.Reason.Scope is { } scope)
            {
                writer.WriteString("scope"u8, scope.ToString());
            }

            if (reason.Reason.Module is { } module)
            {
                writer.WriteString("module"u8, module);
            }

            WriteDecision(writer, reason.DecidedBy);
            if (reason.Reason.Code == UnavailableCode.DependencyUnavailable)
            {
                WriteReasons(writer, "because"u8, reason.Because);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteValues(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<ValueExplanation> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStartObject();
            writer.WriteString("pointer"u8, value.Pointer);
            writer.WritePropertyName("value"u8);
            writer.WriteRawValue(value.Json, skipInputValidation: true);
            WriteDecision(writer, value.DecidedBy);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteStatement(Utf8JsonWriter writer, ScopeStatement statement)
    {
        writer.WriteStartObject();
        writer.WriteString("scope"u8, statement.Scope.ToString());
        writer.WriteBoolean("hasOverride"u8, statement.HasOverride);
        if (statement.IsEnabled is { } enabled)
        {
            writer.WriteBoolean("isEnabled"u8, enabled);
        }
        else
        {
            writer.WriteNull("isEnabled"u8);
        }

        writer.WritePropertyName("config"u8);
        statement.Config.WriteTo(writer);
        writer.WritePropertyName("featureFlags"u8);
        statement.FeatureFlags.WriteTo(writer);
        writer.WritePropertyName("lastChange"u8);
        if (statement.LastChange is { } mark)
        {
            LayerJson.WriteMark(writer, mark);
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WriteEndObject();
    }

    private static void WriteDecision(Utf8JsonWriter writer, Decision? decision)
    {
        writer.WritePropertyName("decidedBy"u8);
        if (decision is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("scope"u8, decision.Scope.ToString());
        writer.WriteNumber("revision"u8, decision.Mark.Revision);
        writer.WriteString("at"u8, ChangeRecordJson.FormatTime(decision.Mark.At));
        writer.WriteString("actor"u8, decision.Mark.Actor);
        writer.WriteEndObject();
    }
}

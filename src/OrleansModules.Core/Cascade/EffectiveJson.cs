using System.Text.Json;
using OrleansModules.Core.Json;
using OrleansModules.Core.Modules;

namespace OrleansModules.Core.Cascade;

/// <summary>The JSON form of effective modules.</summary>
public static class EffectiveJson
{
    /// <summary>One module as compact UTF-8.</summary>
    internal static byte[] ToUtf8(EffectiveModule module) => CompactJson.Write(writer => Write(writer, module), 1024).ToArray();

    /// <summary>Writes one module as a JSON object.</summary>
    public static void Write(Utf8JsonWriter writer, EffectiveModule module)
    {
        var definition = module.Definition;
        writer.WriteStartObject();
        writer.WriteString("name"u8, definition.Name);
        writer.WriteString("displayName"u8, definition.DisplayName);
        writer.WriteString("description"u8, definition.Description);
        writer.WriteString("type"u8, DefinitionJson.Word(definition.Type));
        writer.WriteNumber("tier"u8, definition.Tier);
        writer.WriteString("version"u8, definition.Version.ToFullString());
        writer.WriteBoolean("isInstalled"u8, definition.IsInstalled);
        writer.WriteBoolean("isEnabled"u8, module.IsEnabled);
        writer.WriteBoolean("isAvailable"u8, module.IsAvailable);
        WriteReasons(writer, module.ReasonArray);
        writer.WriteBoolean("systemEnabled"u8, definition.IsEnabled);
        WriteSaid(writer, "orgEnabled"u8, module.Org?.IsEnabled);
        WriteSaid(writer, "wsEnabled"u8, module.Workspace?.IsEnabled);
        writer.WritePropertyName("config"u8);
        module.Config.WriteTo(writer);
        writer.WritePropertyName("featureFlags"u8);
        module.FeatureFlags.WriteTo(writer);
        writer.WritePropertyName("navConfig"u8);
        definition.NavConfig.WriteTo(writer);
        DefinitionJson.WriteDependencies(writer, definition);
        DefinitionJson.WritePermissions(writer, definition);
        writer.WriteEndObject();
    }

    /// <summary>Writes the field <c>reasons</c>.</summary>
    public static void WriteReasons(Utf8JsonWriter writer, IReadOnlyList<UnavailableReason> reasons)
    {
        writer.WriteStartArray("reasons"u8);
        foreach (var reason in reasons)
        {
            writer.WriteStartObject();
            writer.WriteString("code"u8, reason.Word);
            if (reason.Scope is { } scope)
            {
                writer.WriteString("scope"u8, scope.ToString());
            }

            if (reason.Module is { } module)
            {
                writer.WriteString("module"u8, module);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteSaid(Utf8JsonWriter writer, ReadOnlySpan<byte> name, bool? said)
    {
        if (said is { } value)
        {
            writer.WriteBoolean(name, value);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}

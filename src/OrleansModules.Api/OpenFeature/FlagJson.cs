using System.Buffers;
using System.Text.Json;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Json;

namespace OrleansModules.Api.OpenFeature;

/// <summary>Writes evaluations. Who decided a value is said as a level, not as an id, so that scopes with the same map share the bytes.</summary>
internal static class FlagJson
{
    /// <summary>The most values of one configuration that a bulk answer names one by one; all are in <c>.config</c>, and can be asked for singly.</summary>
    public const int BulkValues = 1000;

    /// <summary>All evaluations of a map: <c>{"flags":[...]</c>.</summary>
    public static byte[] WriteAll(EffectiveMap map)
    {
        var buffer = new ArrayBufferWriter<byte>((map.Count * 1024) + 64);
        using (var writer = new Utf8JsonWriter(buffer, CompactJson.Options))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("flags"u8);
            foreach (var module in map)
            {
                WriteAll(writer, module);
            }

            writer.WriteEndArray();
            writer.Flush(); // and leaves the object open
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>One evaluation, open behind the last member of its metadata; null where there is no such value.</summary>
    public static byte[]? WriteStart(EffectiveModule module, in FlagKey key)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, CompactJson.Options))
        {
            var found = key.Part switch
            {
                FlagPart.Available => WriteAvailable(writer, module),
                FlagPart.Flag => WriteFlag(writer, module, key.Name),
                FlagPart.Config => WriteConfig(writer, module),
                _ => WriteConfigValue(writer, module, key.Name),
            };
            if (!found)
            {
                return null;
            }

            writer.Flush();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteAll(Utf8JsonWriter writer, EffectiveModule module)
    {
        WriteAvailable(writer, module);
        Close(writer);
        using (var flags = module.FeatureFlags.Open())
        {
            var (workspace, org) = (SaidBy.Of(module.Workspace?.FeatureFlags, isWhole: true), SaidBy.Of(module.Org?.FeatureFlags, isWhole: true));
            foreach (var flag in flags.RootElement.EnumerateObject())
            {
                WriteValue(writer, module, module.Name + FlagKey.Flags + flag.Name, flag.Value, Decider(workspace.At(flag.Name), org.At(flag.Name)));
                Close(writer);
            }
        }

        WriteConfig(writer, module);
        Close(writer);
        using var config = module.Config.Open();
        var (configWorkspace, configOrg) = SaidOfConfig(module);
        foreach (var value in ConfigPath.All(config.RootElement, configWorkspace, configOrg).Take(BulkValues))
        {
            WriteValue(writer, module, $"{module.Name}{FlagKey.Config}.{value.Path}", value.Value, Decider(value.Workspace, value.Org));
            Close(writer);
        }
    }

    private static bool WriteAvailable(Utf8JsonWriter writer, EffectiveModule module)
    {
        writer.WriteStartObject();
        writer.WriteString("key"u8, module.Name);
        writer.WriteBoolean("value"u8, module.IsAvailable);
        var decider = Decider(module);
        writer.WriteString("reason"u8, !module.IsAvailable ? "DISABLED"u8 : Reason(decider));
        WriteMetadata(writer, module, decider);
        return true;
    }

    private static bool WriteFlag(Utf8JsonWriter writer, EffectiveModule module, string name)
    {
        using var flags = module.FeatureFlags.Open();
        if (!flags.RootElement.TryGetProperty(name, out var value))
        {
            return false;
        }

        var decider = Decider(SaidBy.Of(module.Workspace?.FeatureFlags, isWhole: true).At(name), SaidBy.Of(module.Org?.FeatureFlags, isWhole: true).At(name));
        WriteValue(writer, module, module.Name + FlagKey.Flags + name, value, decider);
        return true;
    }

    private static bool WriteConfig(Utf8JsonWriter writer, EffectiveModule module)
    {
        using var config = module.Config.Open();
        var decider = module.Workspace is { Config.IsEmpty: false } ? FlagDecider.Workspace : module.Org is { Config.IsEmpty: false } ? FlagDecider.Org : FlagDecider.System;
        WriteValue(writer, module, module.Name + FlagKey.Config, config.RootElement, decider);
        return true;
    }

    private static bool WriteConfigValue(Utf8JsonWriter writer, EffectiveModule module, string path)
    {
        using var config = module.Config.Open();
        var names = new List<string>();
        if (!ConfigPath.TryFind(config.RootElement, path, names, out var value))
        {
            return false;
        }

        var (workspace, org) = SaidOfConfig(module);
        var decider = Decider(names.Aggregate(workspace, (said, name) => said.At(name)), names.Aggregate(org, (said, name) => said.At(name)));
        WriteValue(writer, module, $"{module.Name}{FlagKey.Config}.{path}", value, decider);
        return true;
    }

    // Without the deep merge a key is replaced whole: whoever says the key decides all that is in it.
    private static (SaidBy Workspace, SaidBy Org) SaidOfConfig(EffectiveModule module)
    {
        var isWhole = module.Definition.ConfigMerge != Core.Modules.ConfigMerge.Deep;
        return (SaidBy.Of(module.Workspace?.Config, isWhole), SaidBy.Of(module.Org?.Config, isWhole));
    }

    // The specification knows no arrays as values (only objects may hold them), and metadata is flat.
    private static void WriteValue(Utf8JsonWriter writer, EffectiveModule module, string key, JsonElement value, FlagDecider decider)
    {
        writer.WriteStartObject();
        writer.WriteString("key"u8, key);
        writer.WritePropertyName("value"u8);
        if (value.ValueKind == JsonValueKind.Array)
        {
            writer.WriteStartObject();
            writer.WritePropertyName("items"u8);
            value.WriteTo(writer);
            writer.WriteEndObject();
        }
        else
        {
            value.WriteTo(writer);
        }

        writer.WriteString("reason"u8, Reason(decider));
        WriteMetadata(writer, module, decider);
    }

    private static void WriteMetadata(Utf8JsonWriter writer, EffectiveModule module, FlagDecider decider)
    {
        writer.WriteStartObject("metadata"u8);
        writer.WriteString("decidedBy"u8, decider switch
        {
            FlagDecider.System => "system"u8,
            FlagDecider.Org => "org"u8,
            FlagDecider.Workspace => "workspace"u8,
            _ => "dependency"u8,
        });
        writer.WriteBoolean("available"u8, module.IsAvailable);
        if (module.Reasons is [var first, ..])
        {
            writer.WriteString("blockedBy"u8, first.Scope?.ToString() ?? first.Module);
            writer.WriteString("blockedCode"u8, first.Word);
        }
    }

    private static void Close(Utf8JsonWriter writer)
    {
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    // Who has it off; where nobody has, the lowest scope that says anything.
    private static FlagDecider Decider(EffectiveModule module) => module.Reasons switch
    {
        [{ Code: UnavailableCode.DisabledByOrg }, ..] => FlagDecider.Org,
        [{ Code: UnavailableCode.DisabledByWorkspace }, ..] => FlagDecider.Workspace,
        [{ Code: UnavailableCode.DependencyUnavailable }, ..] => FlagDecider.Dependency,
        [_, ..] => FlagDecider.System,
        _ => module.Workspace?.IsEnabled is not null ? FlagDecider.Workspace : module.Org?.IsEnabled is not null ? FlagDecider.Org : FlagDecider.System,
    };

    private static FlagDecider Decider(SaidBy workspace, SaidBy org) =>
        workspace.IsAnything ? FlagDecider.Workspace : org.IsAnything ? FlagDecider.Org : FlagDecider.System;

    private static ReadOnlySpan<byte> Reason(FlagDecider decider) => decider == FlagDecider.System ? "STATIC"u8 : "TARGETING_MATCH"u8;

    /// <summary>Who decided a value.</summary>
    private enum FlagDecider : byte
    {
        System,
        Org,
        Workspace,
        Dependency,
    }
}

using System.Collections.Frozen;
using System.Text.Json;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Modules;

/// <summary>The JSON form of an override: requests, answers, records and exports share it.</summary>
public static class OverrideJson
{
    private static readonly FrozenSet<string> Known = FrozenSet.Create(StringComparer.Ordinal, "isEnabled", "configOverrides", "featureFlagOverrides");

    /// <summary>Reads the body of a PUT: an absent field keeps what is stored, an object replaces the stored object whole.</summary>
    /// <param name="body">The JSON value.</param>
    /// <param name="stored">What is stored now.</param>
    /// <param name="faults">Receives every fault.</param>
    /// <returns>Null where there were faults.</returns>
    public static ModuleOverride? Read(JsonElement body, ModuleOverride stored, List<Fault> faults)
    {
        var before = faults.Count;
        var fields = new JsonFields(body, "", Known, faults);
        var read = new ModuleOverride(
            stored.Module,
            fields.FlagOrNull("isEnabled", stored.IsEnabled),
            fields.Object("configOverrides", stored.Config),
            fields.Flags("featureFlagOverrides", stored.FeatureFlags));
        return faults.Count == before ? read : null;
    }

    /// <summary>Reads an override from a record.</summary>
    /// <exception cref="FormatException">The value is no override.</exception>
    public static ModuleOverride ReadStored(string module, JsonElement value)
    {
        var faults = new List<Fault>();
        return Read(value, ModuleOverride.Nothing(NamePool.Get(module)), faults) ?? throw new FormatException($"No override of {module}: {faults[0].Pointer}: {faults[0].Message}");
    }

    /// <summary>The whole override as one value.</summary>
    public static JsonObjectValue ToValue(ModuleOverride value) => JsonObjectValue.Build(writer => Write(writer, value));

    /// <summary>Writes the override as one JSON object, all fields there.</summary>
    public static void Write(Utf8JsonWriter writer, ModuleOverride value)
    {
        writer.WriteStartObject();
        if (value.IsEnabled is { } enabled)
        {
            writer.WriteBoolean("isEnabled"u8, enabled);
        }
        else
        {
            writer.WriteNull("isEnabled"u8);
        }

        writer.WritePropertyName("configOverrides"u8);
        value.Config.WriteTo(writer);
        writer.WritePropertyName("featureFlagOverrides"u8);
        value.FeatureFlags.WriteTo(writer);
        writer.WriteEndObject();
    }
}

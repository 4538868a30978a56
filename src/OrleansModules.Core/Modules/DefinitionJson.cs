using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using OrleansModules.Core.Faults;
using OrleansModules.Core.Json;
using OrleansModules.Core.Versions;

namespace OrleansModules.Core.Modules;

/// <summary>The JSON form of a definition: requests, answers, records and exports share it.</summary>
public static class DefinitionJson
{
    private const int MaxDependencies = 100;
    private const int MaxPermissions = 200;

    private static readonly FrozenDictionary<string, ModuleType> Types = new Dictionary<string, ModuleType>(StringComparer.Ordinal)
    {
        ["core"] = ModuleType.Core,
        ["functional"] = ModuleType.Functional,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, ConfigMerge> Merges = new Dictionary<string, ConfigMerge>(StringComparer.Ordinal)
    {
        ["shallow"] = ConfigMerge.Shallow,
        ["deep"] = ConfigMerge.Deep,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Fields that a definition may be given.</summary>
    private static readonly FrozenSet<string> Given = FrozenSet.Create(StringComparer.Ordinal,
        "name", "displayName", "description", "type", "tier", "version", "minCompatibleVersion", "isInstalled", "isEnabled", "config",
        "configMerge", "featureFlags", "navConfig", "dependencies", "requiredPermissions");

    /// <summary>Fields that answers add; accepted and ignored, so that what was read can be edited and sent back.</summary>
    private static readonly FrozenSet<string> Answered = FrozenSet.Create(StringComparer.Ordinal,
        "isAvailable", "reasons", "systemEnabled", "orgEnabled", "wsEnabled", "isRemoved", "registered", "updated");

    private static readonly FrozenSet<string> Known = Given.Union(Answered, StringComparer.Ordinal).ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> DependencyFields = FrozenSet.Create(StringComparer.Ordinal, "name", "range", "optional");

    /// <summary>The word of a type.</summary>
    public static string Word(ModuleType type) => type == ModuleType.Core ? "core" : "functional";

    /// <summary>The type that a word means.</summary>
    public static bool TryParseType(string word, out ModuleType type) => Types.TryGetValue(word, out type);

    /// <summary>Reads a definition from a request; absent fields get their defaults.</summary>
    /// <param name="body">The JSON value.</param>
    /// <param name="name">The name that the address gives; null where only the body gives it.</param>
    /// <param name="faults">Receives every fault.</param>
    /// <param name="known">The definition that is changed; null where it is written anew.</param>
    /// <returns>Null where there were faults.</returns>
    public static ModuleDefinition? Read(JsonElement body, string? name, List<Fault> faults, ModuleDefinition? known = null) => Read(body, name, known, stored: false, faults);

    /// <summary>Reads a definition from a record.</summary>
    /// <exception cref="FormatException">The value is no definition.</exception>
    public static ModuleDefinition ReadStored(JsonElement value)
    {
        var faults = new List<Fault>();
        return Read(value, null, null, stored: true, faults) ?? throw new FormatException($"No definition: {faults[0].Pointer}: {faults[0].Message}");
    }

    /// <summary>The whole definition as one value.</summary>
    public static JsonObjectValue ToValue(ModuleDefinition definition) => JsonObjectValue.Build(writer => Write(writer, definition));

    /// <summary>Writes the definition as one JSON object.</summary>
    public static void Write(Utf8JsonWriter writer, ModuleDefinition definition)
    {
        writer.WriteStartObject();
        WriteFields(writer, definition);
        writer.WriteEndObject();
    }

    /// <summary>Writes the fields of a definition into an object that is already open.</summary>
    public static void WriteFields(Utf8JsonWriter writer, ModuleDefinition definition)
    {
        writer.WriteString("name"u8, definition.Name);
        writer.WriteString("displayName"u8, definition.DisplayName);
        writer.WriteString("description"u8, definition.Description);
        writer.WriteString("type"u8, Word(definition.Type));
        writer.WriteNumber("tier"u8, definition.Tier);
        writer.WriteString("version"u8, definition.Version.ToFullString());
        writer.WriteString("minCompatibleVersion"u8, definition.MinCompatibleVersion?.ToFullString());
        writer.WriteBoolean("isInstalled"u8, definition.IsInstalled);
        writer.WriteBoolean("isEnabled"u8, definition.IsEnabled);
        writer.WritePropertyName("config"u8);
        definition.Config.WriteTo(writer);
        writer.WriteString("configMerge"u8, definition.ConfigMerge == ConfigMerge.Deep ? "deep" : "shallow");
        writer.WritePropertyName("featureFlags"u8);
        definition.FeatureFlags.WriteTo(writer);
        writer.WritePropertyName("navConfig"u8);
        definition.NavConfig.WriteTo(writer);
        WriteDependencies(writer, definition);
        WritePermissions(writer, definition);
        if (definition.IsRemoved)
        {
            writer.WriteBoolean("isRemoved"u8, true);
        }
    }

    /// <summary>Writes the field <c>dependencies</c>.</summary>
    internal static void WriteDependencies(Utf8JsonWriter writer, ModuleDefinition definition)
    {
        writer.WriteStartArray("dependencies"u8);
        foreach (var dependency in definition.Dependencies)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, dependency.Name);
            writer.WriteString("range"u8, dependency.Range.ToString());
            writer.WriteBoolean("optional"u8, dependency.IsOptional);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes the field <c>requiredPermissions</c>.</summary>
    internal static void WritePermissions(Utf8JsonWriter writer, ModuleDefinition definition)
    {
        writer.WriteStartArray("requiredPermissions"u8);
        foreach (var permission in definition.RequiredPermissions)
        {
            writer.WriteStringValue(permission);
        }

        writer.WriteEndArray();
    }

    private static ModuleDefinition? Read(JsonElement body, string? name, ModuleDefinition? known, bool stored, List<Fault> faults)
    {
        var before = faults.Count;
        var fields = new JsonFields(body, "", Known, faults);
        if (!fields.IsObject)
        {
            return null;
        }

        var module = ReadName(fields, name, faults);
        var definition = new ModuleDefinition
        {
            Name = module,
            DisplayName = fields.Text("displayName", 1, 200, module)!,
            Description = fields.Text("description", 0, 2000),
            Type = fields.Word("type", Types, ModuleType.Functional),
            Tier = fields.Number("tier", 1, 3, 3),
            Version = fields.Version("version", new(1, 0, 0))!,
            MinCompatibleVersion = fields.Version("minCompatibleVersion", null),
            IsInstalled = fields.Flag("isInstalled", true),
            IsEnabled = fields.Flag("isEnabled", true),
            Config = fields.Object("config", JsonObjectValue.Empty),
            ConfigMerge = fields.Word("configMerge", Merges, ConfigMerge.Shallow),
            FeatureFlags = fields.Flags("featureFlags", JsonObjectValue.Empty),
            NavConfig = fields.Object("navConfig", JsonObjectValue.Empty),
            Dependencies = ReadDependencies(fields, module, faults),
            RequiredPermissions = ReadPermissions(fields, known, stored, faults),
            IsRemoved = stored && fields.Flag("isRemoved", false),
        };
        if (!definition.NavConfig.IsEmpty && fields.TryGet("navConfig", out var nav))
        {
            NavigationRules.Check(nav, fields.At("navConfig"), faults);
            if (!stored)
            {
                ModuleMetrics.Check(nav, known, fields.At("navConfig"), faults);
            }
        }

        return faults.Count == before ? definition : null;
    }

    private static string ReadName(JsonFields fields, string? name, List<Fault> faults)
    {
        var given = fields.TryGet("name", out var value);
        if (name is null)
        {
            name = given ? JsonFields.TextOf(value) : null;
            if (!given)
            {
                faults.Add(new Fault(FaultCodes.MissingField, "/name", "'name' is required."));
            }
            else if (!ModuleName.IsValid(name))
            {
                faults.Add(new Fault(FaultCodes.InvalidModuleName, "/name", $"{JsonFields.Describe(value)} is no module name; accepted: {ModuleName.Form}."));
            }
        }
        else if (given && !string.Equals(JsonFields.TextOf(value), name, StringComparison.Ordinal))
        {
            faults.Add(new Fault(FaultCodes.ModuleNameFixed, "/name", $"A module's name never changes: the address says '{name}', the body {JsonFields.Describe(value)}."));
        }

        return name ?? "";
    }

    private static ImmutableArray<ModuleDependency> ReadDependencies(JsonFields fields, string module, List<Fault> faults)
    {
        var dependencies = ImmutableArray.CreateBuilder<ModuleDependency>();
        foreach (var (pointer, item) in fields.Items("dependencies", MaxDependencies))
        {
            var isName = item.ValueKind == JsonValueKind.String;
            var inner = isName ? null : new JsonFields(item, pointer, DependencyFields, faults);
            if (inner is { IsObject: false })
            {
                continue;
            }

            var name = ReadDependencyName(item, inner, pointer, faults);
            if (name is not null && (name.Equals(module, StringComparison.Ordinal) || dependencies.Any(d => d.Name.Equals(name, StringComparison.Ordinal))))
            {
                faults.Add(new Fault(FaultCodes.InvalidValue, inner?.At("name") ?? pointer, $"'{name}' is named twice, or is the module itself.") { Module = name });
            }

            var range = VersionRange.Any;
            if (inner?.Text("range", 0, 256) is { } text && !VersionRange.TryParse(text, out range))
            {
                range = inner.Wrong("range", $"a version range such as ^1.2.0 or >=1.0.0 <2.0.0, got '{text}'", VersionRange.Any);
            }

            dependencies.Add(new ModuleDependency(name ?? "", range, inner?.Flag("optional", false) ?? false));
        }

        return dependencies.ToImmutable();
    }

    private static string? ReadDependencyName(JsonElement item, JsonFields? inner, string pointer, List<Fault> faults)
    {
        var value = item;
        if (inner is not null && !inner.TryGet("name", out value))
        {
            faults.Add(new Fault(FaultCodes.MissingField, inner.At("name"), "'name' is required."));
            return null;
        }

        if (JsonFields.TextOf(value) is { } name && ModuleName.IsValid(name))
        {
            return name;
        }

        faults.Add(new Fault(FaultCodes.InvalidModuleName, inner?.At("name") ?? pointer, $"A dependency names a module: {ModuleName.Form}."));
        return null;
    }

    // Questions name several permissions with commas between them, so none can have one; what is in the record stays readable, and may stay.
    private static ImmutableArray<string> ReadPermissions(JsonFields fields, ModuleDefinition? known, bool stored, List<Fault> faults)
    {
        var permissions = ImmutableArray.CreateBuilder<string>();
        foreach (var (pointer, item) in fields.Items("requiredPermissions", MaxPermissions))
        {
            if (JsonFields.TextOf(item) is not { Length: > 0 and <= 200 } permission || permission.Any(c => c is <= ' ' or > '~' || (c is ',' && !stored && known?.RequiredPermissions.Contains(permission, StringComparer.Ordinal) != true)))
            {
                faults.Add(new Fault(FaultCodes.InvalidValue, pointer, "A permission is 1 to 200 printable ASCII characters without spaces and commas."));
            }
            else if (!permissions.Contains(permission))
            {
                permissions.Add(permission);
            }
        }

        return permissions.ToImmutable();
    }
}

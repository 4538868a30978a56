using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;

namespace OrleansModules.Client;

/// <summary>The service's answer for one module in one scope.</summary>
/// <remarks>Immutable, safe for concurrent use. The same object from map to map as long as nothing of it changes, and usually the same in all scopes that have the same of it.</remarks>
public sealed class EffectiveModule
{
    private static readonly JsonElement Empty = JsonElement.Parse("{}");

    internal EffectiveModule(JsonElement json)
    {
        Json = json;
        Name = json.GetProperty("name").GetString() ?? throw new JsonException("A module has no name.");
        IsAvailable = json.GetProperty("isAvailable").GetBoolean();
        IsEnabled = json.GetProperty("isEnabled").GetBoolean();
        IsInstalled = Bool(json, "isInstalled") ?? true;
        DisplayName = Text(json, "displayName") ?? Name;
        Description = Text(json, "description");
        Type = Text(json, "type") ?? "functional";
        Tier = json.TryGetProperty("tier", out var tier) && tier.TryGetInt32(out var number) ? number : 3;
        Version = Text(json, "version") ?? "1.0.0";
        SystemEnabled = Bool(json, "systemEnabled");
        OrgEnabled = Bool(json, "orgEnabled");
        WorkspaceEnabled = Bool(json, "wsEnabled");
        Config = new ModuleConfig(json.TryGetProperty("config", out var config) ? config : Empty);
        FeatureFlags = Flags(json);
        Reasons = [.. Items(json, "reasons").Select(r => new ModuleReason(Text(r, "code") ?? "", Text(r, "scope"), Text(r, "module")))];
        Dependencies = [.. Items(json, "dependencies").Select(d => new ModuleDependency(Text(d, "name") ?? "", Text(d, "range") ?? "*", Bool(d, "optional") ?? false))];
        RequiredPermissions = [.. Items(json, "requiredPermissions").Select(p => p.GetString() ?? "")];
    }

    /// <summary>The module's name, such as <c>module-kb</c>.</summary>
    public string Name { get; }

    /// <summary>Its name for people.</summary>
    public string DisplayName { get; }

    /// <summary>What it is for; null where nobody said.</summary>
    public string? Description { get; }

    /// <summary>The service's word for its type, such as <c>core</c> or <c>functional</c>.</summary>
    public string Type { get; }

    /// <summary>1 to 3; lists are ordered by it.</summary>
    public int Tier { get; }

    /// <summary>Its version, SemVer.</summary>
    public string Version { get; }

    /// <summary>Whether it is installed.</summary>
    public bool IsInstalled { get; }

    /// <summary>Whether no scope has it off.</summary>
    public bool IsEnabled { get; }

    /// <summary>Whether it can be used here: installed, enabled, compatible, and so is everything it requires.</summary>
    public bool IsAvailable { get; }

    /// <summary>Everything that speaks against availability; empty where it is available.</summary>
    public ImmutableArray<ModuleReason> Reasons { get; }

    /// <summary>What the system itself says.</summary>
    public bool? SystemEnabled { get; }

    /// <summary>What the organization itself says; null: it inherits.</summary>
    public bool? OrgEnabled { get; }

    /// <summary>What the workspace itself says; null: it inherits.</summary>
    public bool? WorkspaceEnabled { get; }

    /// <summary>The merged configuration.</summary>
    public ModuleConfig Config { get; }

    /// <summary>The merged feature flags, by name.</summary>
    public FrozenDictionary<string, bool> FeatureFlags { get; }

    /// <summary>The modules it needs.</summary>
    public ImmutableArray<ModuleDependency> Dependencies { get; }

    /// <summary>Permissions a user needs for it.</summary>
    public ImmutableArray<string> RequiredPermissions { get; }

    /// <summary>The module as the service sent it, with fields that this version of the client does not know.</summary>
    public JsonElement Json { get; }

    /// <summary>Whether a feature of the module can be used: the module is available and the flag is on. A flag nobody defined is off.</summary>
    public bool HasFeature(string flag) => IsAvailable && FeatureFlags.TryGetValue(flag, out var isOn) && isOn;

    private static FrozenDictionary<string, bool> Flags(JsonElement json) => json.TryGetProperty("featureFlags", out var flags)
        ? flags.EnumerateObject().ToFrozenDictionary(f => f.Name, f => f.Value.GetBoolean(), StringComparer.Ordinal)
        : FrozenDictionary<string, bool>.Empty;

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static bool? Bool(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetBoolean() : null;

    private static JsonElement.ArrayEnumerator Items(JsonElement json, string name) => json.TryGetProperty(name, out var items) ? items.EnumerateArray() : default;
}

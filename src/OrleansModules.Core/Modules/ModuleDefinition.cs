using System.Collections.Immutable;
using NuGet.Versioning;
using OrleansModules.Core.Json;

namespace OrleansModules.Core.Modules;

/// <summary>What the system scope says about a module. Immutable; replaced whole.</summary>
public sealed record ModuleDefinition
{
    /// <summary>The slug, see <see cref="ModuleName"/>. Never changes.</summary>
    public required string Name { get; init; }

    /// <summary>What people read, 1 to 200 characters. Default: the name.</summary>
    public required string DisplayName { get; init; }

    /// <summary>Free text, at most 2,000 characters; null when none was given.</summary>
    public string? Description { get; init; }

    /// <summary>Default: <see cref="ModuleType.Functional"/>.</summary>
    public ModuleType Type { get; init; } = ModuleType.Functional;

    /// <summary>1 to 3, the first key of every list's order (law L9). Default 3.</summary>
    public int Tier { get; init; } = 3;

    /// <summary>The module's own version (SemVer 2). Default 1.0.0.</summary>
    public SemanticVersion Version { get; init; } = new(1, 0, 0);

    /// <summary>The lowest host version the module runs on; null when any will do.</summary>
    public SemanticVersion? MinCompatibleVersion { get; init; }

    /// <summary>Whether the module's code is deployed. Default true.</summary>
    public bool IsInstalled { get; init; } = true;

    /// <summary>Whether the system scope has it on. Default true.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Default configuration.</summary>
    public JsonObjectValue Config { get; init; } = JsonObjectValue.Empty;

    /// <summary>How overrides are laid over <see cref="Config"/>.</summary>
    public ConfigMerge ConfigMerge { get; init; } = ConfigMerge.Shallow;

    /// <summary>Default feature flags; every value is a boolean (law L5).</summary>
    public JsonObjectValue FeatureFlags { get; init; } = JsonObjectValue.Empty;

    /// <summary>Navigation entry: route, icon, label, order, adminOnly, children.</summary>
    public JsonObjectValue NavConfig { get; init; } = JsonObjectValue.Empty;

    /// <summary>In the order given; no name twice.</summary>
    public ImmutableArray<ModuleDependency> Dependencies { get; init; } = [];

    /// <summary>Permission strings a user of the module needs, in the order given.</summary>
    public ImmutableArray<string> RequiredPermissions { get; init; } = [];

    /// <summary>A removed module keeps its name and history, and is in no map.</summary>
    public bool IsRemoved { get; init; }
}

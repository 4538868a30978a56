using OrleansModules.Core.Json;

namespace OrleansModules.Core.Modules;

/// <summary>What an organization or a workspace says about one module. Immutable; replaced whole.</summary>
/// <param name="Module">The module's name.</param>
/// <param name="IsEnabled">Null inherits, as a missing override does.</param>
/// <param name="Config">Laid over the parent's configuration.</param>
/// <param name="FeatureFlags">Laid over the parent's flags; every value is a boolean.</param>
public sealed record ModuleOverride(string Module, bool? IsEnabled, JsonObjectValue Config, JsonObjectValue FeatureFlags)
{
    /// <summary>The override that says nothing.</summary>
    public static ModuleOverride Nothing(string module) => new(module, null, JsonObjectValue.Empty, JsonObjectValue.Empty);

    /// <summary>Whether the override changes nothing of what is inherited.</summary>
    public bool SaysNothing => IsEnabled is null && Config.IsEmpty && FeatureFlags.IsEmpty;
}

namespace OrleansModules.Client;

/// <summary>Says which scope the work at hand belongs to, for those that cannot be told: features, configuration, filters.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public interface IModuleScopeAccessor
{
    /// <summary>The scope; null where the work belongs to none.</summary>
    ModuleScope? Scope { get; }
}

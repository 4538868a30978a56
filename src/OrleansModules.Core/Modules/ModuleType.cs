namespace OrleansModules.Core.Modules;

/// <summary>Whether the platform can run without a module.</summary>
public enum ModuleType : byte
{
    /// <summary>The platform needs it: disabling or removing it has to be forced.</summary>
    Core,

    /// <summary>A feature that can be switched freely.</summary>
    Functional,
}

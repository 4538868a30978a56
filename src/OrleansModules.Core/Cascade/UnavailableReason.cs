using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Cascade;

/// <summary>One reason why a module is not available in a scope (law L6), with the module or scope that is to blame.</summary>
/// <param name="Code">What is wrong.</param>
/// <param name="Scope">The scope that has the module off; null for other codes.</param>
/// <param name="Module">The dependency, or the module itself where it is not installed or not compatible; null where a scope is to blame.</param>
public sealed record UnavailableReason(UnavailableCode Code, ScopeId? Scope, string? Module)
{
    /// <summary>The word of the code in JSON.</summary>
    public string Word => Code switch
    {
        UnavailableCode.NotInstalled => "not-installed",
        UnavailableCode.DisabledBySystem => "disabled-by-system",
        UnavailableCode.DisabledByOrg => "disabled-by-org",
        UnavailableCode.DisabledByWorkspace => "disabled-by-workspace",
        UnavailableCode.IncompatibleVersion => "incompatible-version",
        _ => "dependency-unavailable",
    };
}

/// <summary>Why a module can be unavailable; reasons are listed in this order, dependencies by name.</summary>
public enum UnavailableCode : byte
{
    /// <summary>Its code is not deployed.</summary>
    NotInstalled,

    /// <summary>The definition has it off.</summary>
    DisabledBySystem,

    /// <summary>The organization has it off.</summary>
    DisabledByOrg,

    /// <summary>The workspace has it off.</summary>
    DisabledByWorkspace,

    /// <summary>The host's version is below the lowest that the module runs on.</summary>
    IncompatibleVersion,

    /// <summary>A required dependency is unavailable, not registered, or of a version outside the range.</summary>
    DependencyUnavailable,
}

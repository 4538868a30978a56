namespace OrleansModules.Client;

/// <summary>One thing that speaks against a module being available.</summary>
/// <param name="Code">A stable word of the service, such as <c>disabled-by-org</c> or <c>dependency-unavailable</c>.</param>
/// <param name="Scope">The scope to blame, such as <c>org/acme</c>; null where it is not a scope.</param>
/// <param name="Module">The module to blame; null where it is not a module.</param>
public sealed record ModuleReason(string Code, string? Scope, string? Module);

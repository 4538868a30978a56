using NuGet.Versioning;

namespace OrleansModules.Core.Cascade;

/// <summary>What a scope is, apart from its modules. Immutable.</summary>
/// <param name="Name">Display name of an organization or workspace, at most 200 characters; null when none was given.</param>
/// <param name="OrgId">The organization of a workspace; null otherwise.</param>
/// <param name="IsDeleted">Whether the scope was deleted.</param>
/// <param name="HostVersion">Of the system scope only: the version of the host application; null checks nothing.</param>
public sealed record ScopeProperties(string? Name, string? OrgId, bool IsDeleted, SemanticVersion? HostVersion);

using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Access;

/// <summary>A role in a scope, as a token or a claim gives it.</summary>
/// <param name="Scope">Where. It need not exist.</param>
/// <param name="Role">The role; fits the kind of the scope.</param>
public readonly record struct RoleGrant(ScopeId Scope, ScopeRole Role);

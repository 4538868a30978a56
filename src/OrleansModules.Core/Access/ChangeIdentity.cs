using System.Collections.Immutable;

namespace OrleansModules.Core.Access;

/// <summary>As whom a change is made: a store that keeps a wall of its own decides by it. Immutable.</summary>
/// <param name="Subject">Who, as members are named.</param>
/// <param name="Grants">Roles that the credential gives; those as a member come on top.</param>
public sealed record ChangeIdentity(string Subject, ImmutableArray<RoleGrant> Grants);

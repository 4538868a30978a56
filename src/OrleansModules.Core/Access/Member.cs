using OrleansModules.Core.Cascade;

namespace OrleansModules.Core.Access;

/// <summary>Somebody with a role in a scope.</summary>
/// <param name="Subject">Who, as the identity provider names them, 1 to 200 characters.</param>
/// <param name="Role">Their role.</param>
/// <param name="Mark">The change that gave it.</param>
public sealed record Member(string Subject, ScopeRole Role, ChangeMark Mark);

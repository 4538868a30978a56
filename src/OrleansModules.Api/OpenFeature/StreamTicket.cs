using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.OpenFeature;

/// <summary>The right to listen to the changes of one scope, for a while.</summary>
/// <param name="Scope">The organization or workspace.</param>
/// <param name="ExpiresAt">When it ends, UTC.</param>
internal readonly record struct StreamTicket(ScopeId Scope, DateTimeOffset ExpiresAt);

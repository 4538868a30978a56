using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Access;

/// <summary>Who a request comes from and what it was let in for; kept with the request for its handler. Hot reads have none.</summary>
/// <param name="Principal">Who.</param>
/// <param name="Rule">What the route requires.</param>
/// <param name="Scope">The scope that was decided on; the system where the request names none.</param>
internal sealed record Caller(Principal Principal, AccessRule Rule, ScopeId Scope)
{
    /// <summary>The caller of a request that passed the gate.</summary>
    public static Caller Of(HttpContext context) => (Caller)context.Items[typeof(Caller)]!; // the gate put it there

    /// <summary>Keeps it with the request.</summary>
    public void KeepIn(HttpContext context) => context.Items[typeof(Caller)] = this;
}

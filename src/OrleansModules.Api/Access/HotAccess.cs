using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Access;

/// <summary>Whether a hot read passes at once: its credential is remembered, it is allowed, and it is not one too many.</summary>
/// <remarks>Never waits and allocates nothing. Where it says no, the careful way finds out why.</remarks>
internal sealed class HotAccess(Authenticator authenticator, AccessGate gate, Throttle throttle)
{
    /// <summary>Whether the request passes, which is then counted, and who asks.</summary>
    public bool Admits(HttpContext context, AccessAction action, ScopeId scope, out Principal principal) =>
        authenticator.TryRecall(context, out principal) && gate.Decide(principal, action, scope).IsAllowed && throttle.Admits(principal, out _);
}

using OrleansModules.Api.Access;
using OrleansModules.Core.Access;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Context;

/// <summary>Asks the gate.</summary>
internal sealed class CallerRights(Authenticator authenticator, AccessGate gate) : ICallerRights
{
    /// <inheritdoc/>
    public bool MayRead(HttpContext context, Principal? caller, ScopeId scope) => gate.Decide(caller ?? PrincipalOf(context), AccessAction.ReadMap, scope).IsAllowed;

    /// <inheritdoc/>
    public ScopeRole? RoleIn(HttpContext context, ScopeId scope)
    {
        var held = gate.Held(PrincipalOf(context), scope);
        return held.IsEmpty ? null : held.Roles.OrderByDescending(AccessRules.Rank).ThenBy(r => r == ScopeRole.Shell).First();
    }

    // Hot requests are kept no caller with; who let them through is remembered.
    private Principal PrincipalOf(HttpContext context) =>
        authenticator.TryRecall(context, out var principal) ? principal : context.Items[typeof(Caller)] is Caller caller ? caller.Principal : Principal.Nobody;
}

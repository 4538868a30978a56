using OrleansModules.Core.Access;
using OrleansModules.Core.Cascade;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Access;

/// <summary>Decides whether somebody may do something in a scope: the one place that does.</summary>
/// <remarks>
/// Decides anew at every request from the layers in memory, so a change of members counts from the next request on. Never waits; a scope
/// that is not in memory counts as one that does not exist. Safe for concurrent use.
/// </remarks>
internal sealed class AccessGate(IModuleEngine engine)
{
    /// <summary>Decides.</summary>
    public AccessDecision Decide(Principal principal, AccessAction action, ScopeId scope)
    {
        if (action == AccessAction.Public)
        {
            return new AccessDecision(AccessOutcome.Allow);
        }

        if (principal.Kind == PrincipalKind.Nobody)
        {
            return new AccessDecision(AccessOutcome.Unauthenticated);
        }

        if (action == AccessAction.SignIn)
        {
            return new AccessDecision(AccessOutcome.Allow);
        }

        var allowed = AccessRules.Allowed(action);
        if (HeldEverywhere(principal, scope).Overlaps(allowed))
        {
            return new AccessDecision(AccessOutcome.Allow); // without a look at the scope
        }

        var held = Held(principal, scope);
        return held.Overlaps(allowed) ? new AccessDecision(AccessOutcome.Allow)
            : held.IsEmpty && scope.Kind != ScopeKind.System ? new AccessDecision(AccessOutcome.Hidden)
            : new AccessDecision(AccessOutcome.Forbidden, AccessRules.Least(action, scope.Kind));
    }

    /// <summary>The roles that count for somebody in a scope: given there, or above and reaching down.</summary>
    /// <remarks>In a scope that does not exist only roles in the system count, whatever a claim says.</remarks>
    public RoleSet Held(Principal principal, ScopeId scope)
    {
        var own = scope.Kind == ScopeKind.System ? null : engine.FindLayer(scope) as ScopeLayer;
        if (own is { IsDeleted: true })
        {
            own = null;
        }

        var org = scope.Kind == ScopeKind.Org ? scope.Id : own?.OrgId;
        var held = HeldEverywhere(principal, scope);
        foreach (var grant in principal.Grants)
        {
            if (own is not null && grant.Scope.Kind != ScopeKind.System && (grant.Scope == scope || (IsOrg(grant.Scope, org) && AccessRules.ReachesBelow(grant.Role))))
            {
                held = held.With(grant.Role);
            }
        }

        return principal.IsPerson ? held.With(MemberRoles(principal.Subject, scope, own, org)) : held;
    }

    // What a credential gives in the system, as far as it reaches to the scope.
    private static RoleSet HeldEverywhere(Principal principal, ScopeId scope)
    {
        var held = default(RoleSet);
        foreach (var grant in principal.Grants)
        {
            if (grant.Scope.Kind == ScopeKind.System && (scope.Kind == ScopeKind.System || AccessRules.ReachesBelow(grant.Role)))
            {
                held = held.With(grant.Role);
            }
        }

        return held;
    }

    private RoleSet MemberRoles(string subject, ScopeId scope, ScopeLayer? own, string? org)
    {
        var held = default(RoleSet);
        if (engine.FindLayer(ScopeId.System)?.Access.FindMember(subject) is { } ofSystem && (scope.Kind == ScopeKind.System || AccessRules.ReachesBelow(ofSystem.Role)))
        {
            held = held.With(ofSystem.Role);
        }

        if (own?.Access.FindMember(subject) is { } ofOwn)
        {
            held = held.With(ofOwn.Role);
        }

        if (scope.Kind == ScopeKind.Workspace && org is not null && engine.FindLayer(ScopeId.Org(org))?.Access.FindMember(subject) is { } ofOrg && AccessRules.ReachesBelow(ofOrg.Role))
        {
            held = held.With(ofOrg.Role);
        }

        return held;
    }

    private static bool IsOrg(ScopeId scope, string? orgId) => scope.Kind == ScopeKind.Org && scope.Id.Equals(orgId, StringComparison.Ordinal);
}

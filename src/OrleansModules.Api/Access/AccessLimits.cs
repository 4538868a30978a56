using OrleansModules.Api.Problems;
using OrleansModules.Core.Access;
using OrleansModules.Core.Engines;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Api.Access;

/// <summary>Keeps everybody from widening rights by giving them: nobody gives, takes or changes what stands above their own role, or their own.</summary>
internal sealed class AccessLimits(IModuleEngine engine, AccessGate gate)
{
    /// <summary>Refuses a caller to whom a role is out of reach.</summary>
    /// <exception cref="ApiException">It is above the caller's own.</exception>
    public void RequireReach(Caller caller, ScopeId scope, ScopeRole role)
    {
        var own = gate.Held(caller.Principal, scope).Roles.Where(r => AccessRules.Allowed(AccessAction.ChangeAccess).Contains(r)).Select(AccessRules.Rank).DefaultIfEmpty(0).Max();
        if (AccessRules.Rank(role) > own)
        {
            throw new ApiException(new ApiProblem(StatusCodes.Status403Forbidden, AccessCodes.RoleAboveOwn, $"'{ScopeRoles.Word(role)}' stands above your own role in {scope}: only who has it may give, change or take it.")
            {
                MissingRole = role, Scope = scope,
            });
        }
    }

    /// <summary>Refuses a caller who would change a member out of reach, or themselves.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="scope">Where.</param>
    /// <param name="subject">Whose role.</param>
    /// <param name="role">The new one; null to take it away.</param>
    /// <exception cref="ApiException">The caller may not.</exception>
    public void RequireMember(Caller caller, ScopeId scope, string subject, ScopeRole? role)
    {
        if (caller.Principal.IsPerson && caller.Principal.Subject.Equals(subject, StringComparison.Ordinal))
        {
            throw new ApiException(new ApiProblem(StatusCodes.Status403Forbidden, AccessCodes.OwnAccessFixed, "Nobody changes their own role: ask another administrator."));
        }

        if (role is { } next)
        {
            RequireReach(caller, scope, next);
        }

        if (engine.FindLayer(scope)?.Access.FindMember(subject) is { } member)
        {
            RequireReach(caller, scope, member.Role);
        }
    }

    /// <summary>Refuses a caller who would change a token out of reach.</summary>
    /// <exception cref="ApiException">The caller may not.</exception>
    public void RequireToken(Caller caller, ScopeId scope, string id)
    {
        if (engine.FindLayer(scope)?.Access.FindToken(id) is { } token)
        {
            RequireReach(caller, scope, token.Role);
        }
    }

    /// <summary>Refuses a machine that would make a token outliving its own, and so keep its rights for longer than they were given.</summary>
    /// <exception cref="ApiException">The caller may not.</exception>
    public static void RequireEnd(Caller caller, DateTime? expiresAt)
    {
        if (caller.Principal is { IsMachine: true, ExpiresAt: { } own } && (expiresAt is not { } end || end > own))
        {
            throw new ApiException(new ApiProblem(StatusCodes.Status403Forbidden, AccessCodes.TokenOutlivesOwn, $"Your own token ends at {TokenJson.Time(own)}: one that you make must not outlive it."));
        }
    }
}

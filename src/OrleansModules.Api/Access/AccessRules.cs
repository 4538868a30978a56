using System.Collections.Frozen;
using OrleansModules.Core.Access;
using OrleansModules.Core.Scopes;
using static OrleansModules.Core.Access.ScopeRole;

namespace OrleansModules.Api.Access;

/// <summary>Who may do what: the one table. A test compares it with the one in <c>docs/access.md</c>.</summary>
internal static class AccessRules
{
    private static readonly RoleSet System = RoleSet.Of(SysOwner, SysAdmin);
    private static readonly RoleSet Admins = System.With(RoleSet.Of(OrgOwner, OrgAdmin, WsOwner, WsAdmin));

    private static readonly FrozenDictionary<AccessAction, RoleSet> Table = new Dictionary<AccessAction, RoleSet>
    {
        [AccessAction.ReadMap] = Admins.With(RoleSet.Of(OrgUser, WsUser, Shell)),
        [AccessAction.ReadRegistry] = System.With(RoleSet.Of(Shell, Operator)),
        [AccessAction.ReadDetails] = Admins,
        [AccessAction.ListScopes] = System.With(RoleSet.Of(OrgOwner, OrgAdmin, Shell, Operator)),
        [AccessAction.ChangeModules] = Admins,
        [AccessAction.CreateScope] = System.With(RoleSet.Of(OrgOwner, OrgAdmin)),
        [AccessAction.ChangeScope] = Admins,
        [AccessAction.DeleteOrg] = System.With(OrgOwner),
        [AccessAction.DeleteWorkspace] = System.With(RoleSet.Of(OrgOwner, OrgAdmin, WsOwner)),
        [AccessAction.ReadAccess] = Admins,
        [AccessAction.ChangeAccess] = Admins,
        [AccessAction.ReadAudit] = Admins,
        [AccessAction.ReportUsage] = Admins.With(RoleSet.Of(OrgUser, WsUser, Shell)),
        [AccessAction.ReadUsage] = System.With(RoleSet.Of(OrgOwner, OrgAdmin)),
        [AccessAction.Operate] = System.With(Operator),
    }.ToFrozenDictionary();

    /// <summary>The roles that may do something, each in its own scope and, where it <see cref="ReachesBelow"/>, in those below.</summary>
    public static RoleSet Allowed(AccessAction action) => Table[action];

    /// <summary>Whether a role in a scope counts in the scopes below it too.</summary>
    public static bool ReachesBelow(ScopeRole role) => role is not (OrgUser or Operator);

    /// <summary>Where a role stands: nobody gives, takes or changes one that stands above their own.</summary>
    public static int Rank(ScopeRole role) => role switch
    {
        SysOwner => 7,
        SysAdmin => 6,
        OrgOwner => 5,
        OrgAdmin => 4,
        WsOwner => 3,
        WsAdmin => 2,
        _ => 1,
    };

    /// <summary>The lowest role of a scope of that kind that may do something: what a refusal names.</summary>
    public static ScopeRole Least(AccessAction action, ScopeKind kind) => Allowed(action).Roles
        .OrderByDescending(r => ScopeRoles.Fits(r, kind) && r != Shell).ThenBy(Rank).First();
}

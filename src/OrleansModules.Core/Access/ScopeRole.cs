using System.Collections.Frozen;
using OrleansModules.Core.Scopes;

namespace OrleansModules.Core.Access;

/// <summary>What somebody may do in a scope and below it.</summary>
public enum ScopeRole : byte
{
    /// <summary>System: everything, also appointing administrators of the system.</summary>
    SysOwner,

    /// <summary>System: everything but appointing its owners.</summary>
    SysAdmin,

    /// <summary>Organization: everything in it and its workspaces.</summary>
    OrgOwner,

    /// <summary>Organization: everything in it and its workspaces but appointing its owners.</summary>
    OrgAdmin,

    /// <summary>Organization: reads what is available there.</summary>
    OrgUser,

    /// <summary>Workspace: everything in it.</summary>
    WsOwner,

    /// <summary>Workspace: everything in it but appointing its owners.</summary>
    WsAdmin,

    /// <summary>Workspace: reads what is available there.</summary>
    WsUser,

    /// <summary>A host application: reads what is available in the scope and below.</summary>
    Shell,

    /// <summary>System: health, metrics, export and migration.</summary>
    Operator,
}

/// <summary>The words for roles, and which scope each belongs to.</summary>
public static class ScopeRoles
{
    private static readonly FrozenDictionary<string, ScopeRole> ByWord = new Dictionary<string, ScopeRole>(StringComparer.Ordinal)
    {
        ["sys_owner"] = ScopeRole.SysOwner,
        ["sys_admin"] = ScopeRole.SysAdmin,
        ["org_owner"] = ScopeRole.OrgOwner,
        ["org_admin"] = ScopeRole.OrgAdmin,
        ["org_user"] = ScopeRole.OrgUser,
        ["ws_owner"] = ScopeRole.WsOwner,
        ["ws_admin"] = ScopeRole.WsAdmin,
        ["ws_user"] = ScopeRole.WsUser,
        ["shell"] = ScopeRole.Shell,
        ["operator"] = ScopeRole.Operator,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<ScopeRole, string> ByRole = ByWord.ToFrozenDictionary(r => r.Value, r => r.Key);

    /// <summary>All roles by their words.</summary>
    public static IReadOnlyDictionary<string, ScopeRole> Words => ByWord;

    /// <summary>The word of a role, as <c>sys_owner</c>.</summary>
    public static string Word(ScopeRole role) => ByRole[role];

    /// <summary>Finds a role by its word.</summary>
    public static bool TryParse(string? word, out ScopeRole role)
    {
        role = default;
        return word is not null && ByWord.TryGetValue(word, out role);
    }

    /// <summary>Whether a role can be given in a scope of this kind.</summary>
    public static bool Fits(ScopeRole role, ScopeKind kind) => role switch
    {
        ScopeRole.SysOwner or ScopeRole.SysAdmin or ScopeRole.Operator => kind == ScopeKind.System,
        ScopeRole.OrgOwner or ScopeRole.OrgAdmin or ScopeRole.OrgUser => kind == ScopeKind.Org,
        ScopeRole.WsOwner or ScopeRole.WsAdmin or ScopeRole.WsUser => kind == ScopeKind.Workspace,
        _ => true,
    };
}

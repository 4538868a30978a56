namespace OrleansModules.Api.Access;

/// <summary>What a request does, as far as the right to do it is concerned. Who may do what is in <see cref="AccessRules"/>.</summary>
internal enum AccessAction
{
    /// <summary>Says what everybody may know: health, the OpenAPI document. Needs no credential.</summary>
    Public,

    /// <summary>Speaks of nobody but the caller, or decides scope by scope in the handler. Needs any credential.</summary>
    SignIn,

    /// <summary>Reads what is effective in a scope: maps, modules, availability, events, the scope's own name.</summary>
    ReadMap,

    /// <summary>Reads the registry, which is the system's map.</summary>
    ReadRegistry,

    /// <summary>Reads how a scope came to its map: explanations, stored overrides, history.</summary>
    ReadDetails,

    /// <summary>Lists the organizations of the system, or the workspaces of an organization or the system.</summary>
    ListScopes,

    /// <summary>Changes modules: definitions in the system, overrides in an organization or workspace; restores them.</summary>
    ChangeModules,

    /// <summary>Creates an organization in the system, or a workspace in an organization.</summary>
    CreateScope,

    /// <summary>Changes what an organization or workspace is, as its name.</summary>
    ChangeScope,

    /// <summary>Deletes an organization.</summary>
    DeleteOrg,

    /// <summary>Deletes a workspace.</summary>
    DeleteWorkspace,

    /// <summary>Reads members and tokens of a scope.</summary>
    ReadAccess,

    /// <summary>Changes members and tokens of a scope, never beyond one's own role.</summary>
    ChangeAccess,

    /// <summary>Reads the audit trail of a scope.</summary>
    ReadAudit,

    /// <summary>Reports that modules are used in an organization or workspace.</summary>
    ReportUsage,

    /// <summary>Reads the statistics of usage of an organization.</summary>
    ReadUsage,

    /// <summary>Runs the service: health in full, metrics, export, migration, roll-up of usage.</summary>
    Operate,
}

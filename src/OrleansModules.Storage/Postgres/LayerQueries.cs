namespace OrleansModules.Storage.Postgres;

/// <summary>The statements that read layers.</summary>
/// <remarks>A scope at revision 0 is one that nothing was said about yet: it is made in the same transaction as its first change.</remarks>
internal static class LayerQueries
{
    /// <summary>The system scope: revision, host version, extras.</summary>
    public const string System =
        """
        select s.revision, s.host_version, json_build_object('settings', s.settings,
            'members', (select json_agg(json_build_object('subject', m.subject, 'role', m.role, 'mark', m.mark)) from mgmt_cfg_members m where m.scope_kind = 'system'),
            'tokens', (select json_agg(t.token) from mgmt_cfg_tokens t where t.scope_kind = 'system'))
        from mgmt_cfg_sys_scope s where s.revision > 0
        """;

    /// <summary>All definitions: definition, provenance, registered.</summary>
    public const string Definitions = "select mgmt_definition_json(m), m.provenance, m.registered from mgmt_cfg_sys_modules m";

    /// <summary>Members and tokens of scopes: scope id, extras without settings.</summary>
    public const string AllAccess =
        """
        select scope_id, json_build_object('members', json_agg(member) filter (where member is not null), 'tokens', json_agg(token) filter (where token is not null))
        from (select scope_id, json_build_object('subject', subject, 'role', role, 'mark', mark) as member, null::jsonb as token from mgmt_cfg_members where scope_kind = $1
              union all select scope_id, null, token from mgmt_cfg_tokens where scope_kind = $1) a
        group by scope_id
        """;

    /// <summary>As <see cref="AllAccess"/>, of the scopes with the ids $2.</summary>
    public const string Access =
        """
        select scope_id, json_build_object('members', json_agg(member) filter (where member is not null), 'tokens', json_agg(token) filter (where token is not null))
        from (select scope_id, json_build_object('subject', subject, 'role', role, 'mark', mark) as member, null::jsonb as token from mgmt_cfg_members where scope_kind = $1 and scope_id = any($2)
              union all select scope_id, null, token from mgmt_cfg_tokens where scope_kind = $1 and scope_id = any($2)) a
        group by scope_id
        """;

    /// <summary>All organizations with their overrides, a row an override: see <see cref="LayerReader"/> for the columns.</summary>
    public const string AllOrgs = OrgColumns + " where s.revision > 0 order by s.org_id, m.module_name";

    /// <summary>As <see cref="AllOrgs"/>, those with the ids $1.</summary>
    public const string Orgs = OrgColumns + " where s.org_id = any($1) and s.revision > 0 order by s.org_id, m.module_name";

    /// <summary>All workspaces, as <see cref="AllOrgs"/>.</summary>
    public const string AllWorkspaces = WorkspaceColumns + " where s.revision > 0 order by s.ws_id, m.module_name";

    /// <summary>As <see cref="AllWorkspaces"/>, those with the ids $1.</summary>
    public const string Workspaces = WorkspaceColumns + " where s.ws_id = any($1) and s.revision > 0 order by s.ws_id, m.module_name";

    /// <summary>Ids of organizations after $1, at most $2.</summary>
    public const string OrgIds = "select org_id from mgmt_cfg_orgs where org_id > $1 and not is_deleted and revision > 0 order by org_id limit $2";

    /// <summary>Ids of workspaces after $1, at most $2.</summary>
    public const string WorkspaceIds = "select ws_id from mgmt_cfg_workspaces where ws_id > $1 and not is_deleted and revision > 0 order by ws_id limit $2";

    /// <summary>Ids of workspaces after $1, at most $2, of the organization $3.</summary>
    public const string WorkspaceIdsOfOrg = "select ws_id from mgmt_cfg_workspaces where org_id = $3 and ws_id > $1 and not is_deleted and revision > 0 order by ws_id limit $2";

    private const string OrgColumns =
        """
        select s.org_id, null::text, s.name, s.revision, s.is_deleted, s.settings, m.module_name, m.is_enabled, m.config_overrides, m.feature_flag_overrides, m.provenance
        from mgmt_cfg_orgs s left join mgmt_cfg_org_modules m on m.org_id = s.org_id
        """;

    private const string WorkspaceColumns =
        """
        select s.ws_id, s.org_id, s.name, s.revision, s.is_deleted, s.settings, m.module_name, m.is_enabled, m.config_overrides, m.feature_flag_overrides, m.provenance
        from mgmt_cfg_workspaces s left join mgmt_cfg_ws_modules m on m.ws_id = s.ws_id
        """;
}

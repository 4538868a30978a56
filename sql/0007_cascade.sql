-- The cascade in SQL: what is effective in an organization or a workspace, by the laws L1 to L6 and L9 of docs/architecture.md.
-- One query answers for all modules of a scope. The service resolves in memory; these functions are for people, reports and hosts
-- that ask the database, and tests hold the two against each other.

select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- Law L4 for definitions that ask for it: objects merge as in RFC 7396, null removes, anything else replaces.
create function mgmt_merge_patch(p_target jsonb, p_patch jsonb) returns jsonb
    language plpgsql immutable parallel safe set search_path from current as $$
begin
    if jsonb_typeof(p_patch) <> 'object' then
        return p_patch;
    end if;
    return (
        select coalesce(jsonb_object_agg(key, case
            when p.value is null then t.value
            when jsonb_typeof(p.value) = 'object' then mgmt_merge_patch(t.value, p.value)
            else p.value end), '{}')
        from jsonb_each(case jsonb_typeof(p_target) when 'object' then p_target else '{}' end) t
        full join jsonb_each(p_patch) p using (key)
        where p.value is null or jsonb_typeof(p.value) <> 'null');
end $$;

create function mgmt_merge_config(p_merge text, p_upper jsonb, p_lower jsonb) returns jsonb
    language sql immutable parallel safe set search_path from current as $$
    select case
        when p_lower is null or p_lower = '{}' then p_upper
        when p_merge = 'deep' then mgmt_merge_patch(p_upper, p_lower)
        else p_upper || p_lower end;
$$;

-- The effective modules of a workspace, of an organization where p_ws_id is null, or of the system where p_org_id is null too:
-- of all modules, or of one with what it requires. Null where the scope or the module does not exist.
create function mgmt_resolve(p_org_id text, p_ws_id text, p_module_name text) returns jsonb
    language plpgsql stable set search_path from current as $$
declare
    v_system bigint;
    v_host text;
    v_host_key text collate "C";
    v_version text;
    v_only text[];
begin
    select 's' || revision, host_version into v_version, v_host from mgmt_cfg_sys_scope;
    v_host_key := mgmt_version_key(v_host);
    if p_org_id is not null then
        select v_version || '.o' || revision into v_version from mgmt_cfg_orgs where org_id = p_org_id and not is_deleted;
    end if;
    if p_ws_id is not null then
        select v_version || '.w' || revision into v_version from mgmt_cfg_workspaces where ws_id = p_ws_id and not is_deleted;
    end if;
    if v_version is null then
        return null;
    end if;
    if p_module_name is not null then
        v_only := array(
            with recursive required as (
                select p_module_name::text collate "C" as name
                union
                select d.value ->> 'name'
                from required r
                join mgmt_cfg_sys_modules m on m.module_name = r.name and m.deleted_at is null
                cross join lateral jsonb_array_elements(m.dependencies) d
                where not (d.value -> 'optional')::boolean)
            select name from required);
    end if;

    return (
        with recursive modules as materialized (
            select m.module_name::text collate "C" as module_name, m.display_name, m.module_type, m.tier, m.version, m.is_installed, m.nav_config, m.dependencies,
                m.config_merge, m.config, m.feature_flags, o.config_overrides as org_config, o.feature_flag_overrides as org_flags,
                w.config_overrides as ws_config, w.feature_flag_overrides as ws_flags,
                m.is_enabled as system_enabled, o.is_enabled as org_enabled, w.is_enabled as ws_enabled,
                o.org_id is not null as has_org, w.ws_id is not null as has_ws,
                m.is_enabled and o.is_enabled is distinct from false and w.is_enabled is distinct from false as is_enabled,
                v_host_key is null or m.min_compatible_version is null or v_host_key >= mgmt_version_key(m.min_compatible_version) as is_compatible
            from mgmt_cfg_sys_modules m
            left join mgmt_cfg_org_modules o on o.org_id = p_org_id and o.module_name = m.module_name
            left join mgmt_cfg_ws_modules w on w.ws_id = p_ws_id and w.module_name = m.module_name
            where m.deleted_at is null and (v_only is null or m.module_name = any (v_only))
        ), requirements as materialized (
            select m.module_name, d.value ->> 'name' as needs,
                n.module_name is not null and (d.value ->> 'range' = '*' or mgmt_range_contains(d.value ->> 'range', n.version)) as fits
            from modules m
            cross join lateral jsonb_array_elements(m.dependencies) d
            left join modules n on n.module_name = d.value ->> 'name'
            where not (d.value -> 'optional')::boolean
        ), unavailable as (
            (select module_name from modules where not (is_installed and is_enabled and is_compatible)
                union select module_name from requirements where not fits)
            union
            select r.module_name from unavailable u join requirements r on r.needs = u.module_name
        ), missing as (
            select r.module_name, jsonb_agg(jsonb_build_object('code', 'dependency-unavailable', 'module', r.needs) order by r.needs collate "C") as reasons
            from requirements r
            left join unavailable u on u.module_name = r.needs
            where not r.fits or u.module_name is not null
            group by r.module_name
        )
        select case when p_module_name is null then coalesce(jsonb_agg(e.module order by e.tier, e.module_name), '[]') else (array_agg(e.module))[1] end
        from (
            select m.module_name, m.tier, jsonb_build_object(
                'module_name', m.module_name, 'display_name', m.display_name, 'module_type', m.module_type, 'tier', m.tier,
                'is_enabled', m.is_enabled, 'is_installed', m.is_installed,
                'is_available', m.is_installed and m.is_enabled and m.is_compatible and x.reasons is null,
                'reasons',
                    case when m.is_installed then '[]'::jsonb else jsonb_build_array(jsonb_build_object('code', 'not-installed', 'module', m.module_name)) end
                    || case when m.system_enabled then '[]'::jsonb else '[{"code": "disabled-by-system", "scope": "system"}]' end
                    || case when m.org_enabled is distinct from false then '[]'::jsonb else jsonb_build_array(jsonb_build_object('code', 'disabled-by-org', 'scope', 'org/' || p_org_id)) end
                    || case when m.ws_enabled is distinct from false then '[]'::jsonb else jsonb_build_array(jsonb_build_object('code', 'disabled-by-workspace', 'scope', 'workspace/' || p_ws_id)) end
                    || case when m.is_compatible then '[]'::jsonb else jsonb_build_array(jsonb_build_object('code', 'incompatible-version', 'module', m.module_name)) end
                    || coalesce(x.reasons, '[]'),
                'system_enabled', m.system_enabled, 'org_enabled', m.org_enabled, 'ws_enabled', m.ws_enabled,
                'config', mgmt_merge_config(m.config_merge, mgmt_merge_config(m.config_merge, m.config, m.org_config), m.ws_config),
                'feature_flags', m.feature_flags || coalesce(m.org_flags, '{}') || coalesce(m.ws_flags, '{}'),
                'nav_config', m.nav_config, 'dependencies', m.dependencies,
                'resolution_metadata', jsonb_build_object('version', v_version, 'module_version', m.version, 'config_merge', m.config_merge,
                    'system_enabled', m.system_enabled, 'org_override', m.org_enabled, 'ws_override', m.ws_enabled,
                    'has_org_override', m.has_org, 'has_ws_override', m.has_ws)) as module
            from modules m
            left join missing x on x.module_name = m.module_name
            where p_module_name is null or m.module_name = p_module_name) e);
end $$;

-- What is effective for one module in a workspace: system, then organization, then workspace.
create function resolve_module_config(p_ws_id text, p_module_name text) returns jsonb
    language sql stable set search_path from current as $$
    select mgmt_resolve(w.org_id, w.ws_id, p_module_name) from mgmt_cfg_workspaces w where w.ws_id = p_ws_id;
$$;

create function resolve_org_module_config(p_org_id text, p_module_name text) returns jsonb
    language sql stable set search_path from current as $$
    select mgmt_resolve(p_org_id, null, p_module_name);
$$;

-- All modules of a workspace as one array, ordered by tier, then name.
create function resolve_all_modules_for_workspace(p_ws_id text) returns jsonb
    language sql stable set search_path from current as $$
    select mgmt_resolve(w.org_id, w.ws_id, null) from mgmt_cfg_workspaces w where w.ws_id = p_ws_id;
$$;

create function resolve_all_modules_for_org(p_org_id text) returns jsonb
    language sql stable set search_path from current as $$
    select mgmt_resolve(p_org_id, null, null);
$$;

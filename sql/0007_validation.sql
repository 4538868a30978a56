-- Rules where the data is: what the laws refuse is refused here too, whoever writes. A refusal has SQLSTATE OM409 (conflict), OM404
-- (not there) or OM422 (not valid), and a detail {"code", "module", "scope"} for programs. Rules about definitions bind plain SQL; the
-- service has decided its changes of the system scope on exactly the state that they replace.
-- Triggers look at rows that the caller may not see, so they are trusted functions, see 0009_row_level_security.sql.

select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- Asked for each row: without settings of its own it becomes part of the asking statement.
create function mgmt_is_plain_sql() returns boolean
    language sql stable parallel safe as $$
    select current_setting('modules.in_commit', true) is distinct from 'on';
$$;

-- What ?force=true is to the service, set local modules.force = 'on' is to plain SQL.
create function mgmt_is_forced() returns boolean
    language sql stable set search_path from current as $$
    select coalesce(current_setting('modules.force', true), '') = 'on';
$$;

create function mgmt_refuse(p_state text, p_code text, p_message text, p_module text, p_scope text) returns void
    language plpgsql set search_path from current as $$
begin
    raise exception using errcode = p_state, message = p_message,
        detail = jsonb_strip_nulls(jsonb_build_object('code', p_code, 'module', p_module, 'scope', p_scope))::text;
end $$;

-- Law L3, requirements B4 and B5: an override may not be turned on where the parent is effectively off. Only turning on is refused:
-- a masked override can be edited, and comes back when the parent does.
create function mgmt_check_override() returns trigger
    language plpgsql security definer set search_path from current set application_name = 'modules: trusted function' as $$
declare
    v_off text;
begin
    if tg_op = 'UPDATE' and old.is_enabled is true then
        return null;
    end if;
    if tg_argv[0] = 'org' then
        select case when not m.is_enabled then 'system' end into v_off
        from mgmt_cfg_sys_modules m where m.module_name = new.module_name;
    else
        select case when not m.is_enabled then 'system' when o.is_enabled is false then 'org/' || w.org_id end into v_off
        from mgmt_cfg_sys_modules m
        join mgmt_cfg_workspaces w on w.ws_id = to_jsonb(new) ->> 'ws_id'
        left join mgmt_cfg_org_modules o on o.org_id = w.org_id and o.module_name = m.module_name
        where m.module_name = new.module_name;
    end if;
    if v_off is not null then
        perform mgmt_refuse('OM409', 'parent-disabled', format('''%s'' cannot be enabled here: %s has it off.', new.module_name, v_off), new.module_name, v_off);
    end if;
    return null;
end $$;

create trigger mgmt_cfg_org_modules_check after insert or update of is_enabled on mgmt_cfg_org_modules
    for each row when (new.is_enabled) execute function mgmt_check_override('org');
create trigger mgmt_cfg_ws_modules_check after insert or update of is_enabled on mgmt_cfg_ws_modules
    for each row when (new.is_enabled) execute function mgmt_check_override('workspace');

-- A removed module takes no new overrides; an old one can still be taken away.
create function mgmt_check_override_target() returns trigger
    language plpgsql security definer set search_path from current set application_name = 'modules: trusted function' as $$
begin
    if exists (select from mgmt_cfg_sys_modules m where m.module_name = new.module_name and m.deleted_at is not null) then
        perform mgmt_refuse('OM404', 'module-not-found', format('There is no module ''%s''.', new.module_name), new.module_name, null);
    end if;
    return null;
end $$;

create trigger mgmt_cfg_org_modules_check_target after insert or update on mgmt_cfg_org_modules
    for each row when (current_setting('modules.in_commit', true) is distinct from 'on') execute function mgmt_check_override_target();
create trigger mgmt_cfg_ws_modules_check_target after insert or update on mgmt_cfg_ws_modules
    for each row when (current_setting('modules.in_commit', true) is distinct from 'on') execute function mgmt_check_override_target();

-- An organization with workspaces stays; a workspace comes only into an organization that is there. The lock keeps both from
-- happening at once.
create function mgmt_check_org_deleted() returns trigger
    language plpgsql security definer set search_path from current set application_name = 'modules: trusted function' as $$
declare
    v_workspace text;
begin
    select min(w.ws_id) into v_workspace from mgmt_cfg_workspaces w where w.org_id = new.org_id and not w.is_deleted;
    if v_workspace is not null then
        perform mgmt_refuse('OM409', 'org-not-empty', format('Organization ''%s'' still has workspace ''%s'': delete it first.', new.org_id, v_workspace), null, 'workspace/' || v_workspace);
    end if;
    return null;
end $$;

create trigger mgmt_cfg_orgs_check after update on mgmt_cfg_orgs
    for each row when (new.is_deleted and not old.is_deleted) execute function mgmt_check_org_deleted();

create function mgmt_check_workspace_created() returns trigger
    language plpgsql security definer set search_path from current set application_name = 'modules: trusted function' as $$
declare
    v_deleted boolean;
begin
    select o.is_deleted into v_deleted from mgmt_cfg_orgs o where o.org_id = new.org_id for share;
    if v_deleted then
        perform mgmt_refuse('OM404', 'org-not-found', format('There is no organization ''%s''.', new.org_id), null, 'org/' || new.org_id);
    end if;
    return null;
end $$;

create trigger mgmt_cfg_workspaces_check_insert after insert on mgmt_cfg_workspaces
    for each row when (not new.is_deleted) execute function mgmt_check_workspace_created();
create trigger mgmt_cfg_workspaces_check_update after update on mgmt_cfg_workspaces
    for each row when (old.is_deleted and not new.is_deleted) execute function mgmt_check_workspace_created();

-- Enabled modules that require a module which is not registered, not enabled, or of a version out of range: as the definitions are
-- now, but with the rows in p_instead (by name; null for a module that is to be left out) in place of those of the same name.
create function mgmt_unmet(p_instead jsonb) returns table (module_name text, needs text, state text)
    language sql stable set search_path from current as $$
    with definitions as (
        select m.module_name::text collate "C" as name, m.deleted_at is null as is_there, m.is_enabled, m.version, m.dependencies
        from mgmt_cfg_sys_modules m where not p_instead ? m.module_name
        union all
        select i.key collate "C", i.value ->> 'deleted_at' is null, (i.value ->> 'is_enabled')::boolean, i.value ->> 'version', i.value -> 'dependencies'
        from jsonb_each(p_instead) i where i.value <> 'null'
    )
    select m.name, d.value ->> 'name', case
        when n.name is null or not n.is_there then 'is not registered'
        when not n.is_enabled then 'is disabled'
        else format('has version %s, which is not in the range %s', n.version, d.value ->> 'range') end
    from definitions m
    cross join lateral jsonb_array_elements(m.dependencies) d
    left join definitions n on n.name = d.value ->> 'name'
    where m.is_there and m.is_enabled and not (d.value -> 'optional')::boolean
        and not coalesce(n.is_there and n.is_enabled and mgmt_range_contains(d.value ->> 'range', n.version), false);
$$;

-- A cycle of dependencies, optional ones too, that goes through a module: the names along it; null where there is none.
create function mgmt_dependency_cycle(p_module_name text) returns text[]
    language plpgsql stable set search_path from current as $$
declare
    v_queue text[] := array[p_module_name];
    v_seen_from jsonb := '{}'; -- by name: the module that led there
    v_at int := 1;
    v_path text[] := array[p_module_name];
    v_needs text;
begin
    while v_at <= cardinality(v_queue) loop
        for v_needs in
            select d.value ->> 'name'
            from mgmt_cfg_sys_modules m cross join lateral jsonb_array_elements(m.dependencies) d
            where m.module_name = v_queue[v_at] and m.deleted_at is null
        loop
            if v_needs = p_module_name then
                v_needs := v_queue[v_at];
                while v_needs <> p_module_name loop
                    v_path := v_needs || v_path;
                    v_needs := v_seen_from ->> v_needs;
                end loop;
                return p_module_name || v_path;
            elsif not v_seen_from ? v_needs then
                v_seen_from := v_seen_from || jsonb_build_object(v_needs, v_queue[v_at]);
                v_queue := v_queue || v_needs;
            end if;
        end loop;
        v_at := v_at + 1;
    end loop;
    return null;
end $$;

-- The form of what a definition says about others.
create function mgmt_check_definition() returns trigger
    language plpgsql set search_path from current as $$
declare
    v_item jsonb;
    v_names text[] := array[new.module_name];
begin
    for v_item in select value from jsonb_array_elements(new.dependencies) loop
        if jsonb_typeof(v_item) <> 'object' or v_item ->> 'name' !~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' or jsonb_typeof(v_item -> 'name') is distinct from 'string'
            or jsonb_typeof(v_item -> 'range') is distinct from 'string' or not mgmt_range_is_valid(v_item ->> 'range')
            or jsonb_typeof(v_item -> 'optional') is distinct from 'boolean' or v_item - '{name,range,optional}'::text[] <> '{}' then
            perform mgmt_refuse('OM422', 'invalid-value', format('''%s'': a dependency is {"name": module, "range": version range, "optional": true or false}, not %s.', new.module_name, v_item), new.module_name, null);
        elsif v_item ->> 'name' = any (v_names) then
            perform mgmt_refuse('OM422', 'invalid-value', format('''%s'' names ''%s'' twice, or itself, in its dependencies.', new.module_name, v_item ->> 'name'), new.module_name, null);
        end if;
        v_names := v_names || (v_item ->> 'name');
    end loop;
    for v_item in select value from jsonb_array_elements(new.required_permissions) loop
        if jsonb_typeof(v_item) <> 'string' or v_item #>> '{}' !~ '^[!-~]{1,200}$' then
            perform mgmt_refuse('OM422', 'invalid-value', format('''%s'': a permission is 1 to 200 printable ASCII characters without spaces, not %s.', new.module_name, v_item), new.module_name, null);
        end if;
    end loop;
    return null;
end $$;

create trigger mgmt_cfg_sys_modules_check_form after insert or update on mgmt_cfg_sys_modules
    for each row when (current_setting('modules.in_commit', true) is distinct from 'on') execute function mgmt_check_definition();

-- Requirement A9: enabling needs the required modules on, disabling is refused while an enabled module requires it; core modules stay
-- on. modules.force does it all the same, but no force makes a cycle.
create function mgmt_check_definitions() returns trigger
    language plpgsql security definer set search_path from current set application_name = 'modules: trusted function' as $$
declare
    v_before jsonb;
    v_changed text[];
    v_core text;
    v_cycle text[];
    v_first record;
    v_all text;
begin
    if tg_op = 'UPDATE' then
        select array_agg(o.module_name::text), jsonb_object_agg(o.module_name, to_jsonb(o)) into v_changed, v_before from old_rows o;
        select min(o.module_name) into v_core
        from old_rows o join new_rows n using (module_name)
        where o.module_type = 'core' and o.deleted_at is null and (n.deleted_at is not null or n.module_type <> 'core' or (o.is_enabled and not n.is_enabled));
        if v_core is not null and not mgmt_is_forced() then
            perform mgmt_refuse('OM409', 'core-module-protected', format('''%s'' is a core module: the platform needs it. Set modules.force to do it all the same.', v_core), v_core, null);
        end if;
    else
        select array_agg(n.module_name::text), jsonb_object_agg(n.module_name, null::text) into v_changed, v_before from new_rows n;
    end if;
    if v_changed is null then
        return null;
    end if;

    select mgmt_dependency_cycle(n.module_name) into v_cycle from new_rows n where mgmt_dependency_cycle(n.module_name) is not null limit 1;
    if v_cycle is not null then
        perform mgmt_refuse('OM409', 'dependency-cycle', format('Dependencies must not form a cycle: %s.', array_to_string(v_cycle, ' -> ')), v_cycle[1], null);
    end if;

    if not mgmt_is_forced() then
        for v_first in
            select u.module_name, u.needs, u.module_name = any (v_changed) as is_conflict,
                string_agg(case when u.module_name = any (v_changed) then format('''%s'' requires ''%s'', which %s.', u.module_name, u.needs, u.state)
                    else format('''%s'' is enabled and requires ''%s''; set modules.force to do it all the same.', u.module_name, u.needs) end, ' ')
                    over (order by u.module_name, u.needs rows between unbounded preceding and unbounded following) as says
            from mgmt_unmet('{}') u
            where not exists (select from mgmt_unmet(v_before) b where b.module_name = u.module_name and b.needs = u.needs)
            order by u.module_name, u.needs limit 1
        loop
            perform mgmt_refuse('OM409', case when v_first.is_conflict then 'dependency-conflict' else 'dependent-modules-exist' end, v_first.says,
                case when v_first.is_conflict then v_first.needs else v_first.module_name end, null);
        end loop;
    end if;
    return null;
end $$;

create trigger mgmt_cfg_sys_modules_check_insert after insert on mgmt_cfg_sys_modules referencing new table as new_rows
    for each statement when (current_setting('modules.in_commit', true) is distinct from 'on') execute function mgmt_check_definitions();
create trigger mgmt_cfg_sys_modules_check_update after update on mgmt_cfg_sys_modules referencing old table as old_rows new table as new_rows
    for each statement when (current_setting('modules.in_commit', true) is distinct from 'on') execute function mgmt_check_definitions();

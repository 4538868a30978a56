-- The way in which the service writes: one call commits a batch of changes, all or none of them.

select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

create function mgmt_mark(p_revision bigint, p_at timestamptz, p_actor text) returns jsonb
    language sql immutable parallel safe set search_path from current as $$
    select jsonb_build_object('revision', p_revision, 'at', to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'actor', p_actor);
$$;

-- Carries marks over a change: values that stayed as they were keep the mark of the change that set them.
-- A mark holds for everything inside, unless exceptions has another for a JSON Pointer inside.
create function mgmt_provenance_of(p_provenance jsonb, p_pointer text) returns jsonb
    language plpgsql immutable parallel safe set search_path from current as $$
declare
    v_pointer text := p_pointer;
begin
    while v_pointer <> '' loop
        if p_provenance -> 'exceptions' ? v_pointer then
            return p_provenance -> 'exceptions' -> v_pointer;
        end if;
        v_pointer := regexp_replace(v_pointer, '/[^/]*$', '');
    end loop;
    return p_provenance -> 'whole';
end $$;

create function mgmt_provenance_exceptions(p_provenance jsonb, p_pointer text, p_before jsonb, p_after jsonb, p_change jsonb, p_around jsonb) returns jsonb
    language plpgsql immutable parallel safe set search_path from current as $$
declare
    v_exceptions jsonb := '{}';
    v_key text;
    v_value jsonb;
    v_inner text;
    v_mark jsonb;
    v_same boolean;
begin
    for v_key, v_value in select key, value from jsonb_each(p_after) loop
        v_inner := p_pointer || '/' || replace(replace(v_key, '~', '~0'), '/', '~1');
        v_same := coalesce(p_before -> v_key = v_value, false);
        v_mark := case when v_same then mgmt_provenance_of(p_provenance, v_inner) else p_change end;
        if v_mark <> p_around then
            v_exceptions := v_exceptions || jsonb_build_object(v_inner, v_mark);
        end if;
        if v_same then
            v_exceptions := v_exceptions || coalesce((
                select jsonb_object_agg(e.key, e.value)
                from jsonb_each(p_provenance -> 'exceptions') e
                where starts_with(e.key, v_inner || '/') and e.value <> v_mark), '{}');
        elsif jsonb_typeof(p_before -> v_key) = 'object' and jsonb_typeof(v_value) = 'object' then
            v_exceptions := v_exceptions || mgmt_provenance_exceptions(p_provenance, v_inner, p_before -> v_key, v_value, p_change, v_mark);
        end if;
    end loop;
    return v_exceptions;
end $$;

create function mgmt_provenance_after(p_provenance jsonb, p_before jsonb, p_after jsonb, p_mark jsonb) returns jsonb
    language plpgsql immutable parallel safe set search_path from current as $$
declare
    v_exceptions jsonb;
begin
    if p_before is null or not p_provenance ? 'whole' then
        return jsonb_build_object('whole', p_mark);
    elsif p_before = p_after then
        return p_provenance;
    end if;
    v_exceptions := mgmt_provenance_exceptions(p_provenance, '', p_before, p_after, p_mark, p_mark);
    return jsonb_build_object('whole', p_mark) || case when v_exceptions = '{}' then '{}' else jsonb_build_object('exceptions', v_exceptions) end;
end $$;

-- The JSON forms of a definition and of an override, as change records have them.
create function mgmt_definition_json(p mgmt_cfg_sys_modules) returns json
    language sql stable parallel safe set search_path from current as $$
    select case when p.deleted_at is null then
        json_build_object('name', p.module_name, 'displayName', p.display_name, 'description', p.description, 'type', p.module_type, 'tier', p.tier,
            'version', p.version, 'minCompatibleVersion', p.min_compatible_version, 'isInstalled', p.is_installed, 'isEnabled', p.is_enabled,
            'config', p.config, 'configMerge', p.config_merge, 'featureFlags', p.feature_flags, 'navConfig', p.nav_config,
            'dependencies', p.dependencies, 'requiredPermissions', p.required_permissions)
    else
        json_build_object('name', p.module_name, 'displayName', p.display_name, 'description', p.description, 'type', p.module_type, 'tier', p.tier,
            'version', p.version, 'minCompatibleVersion', p.min_compatible_version, 'isInstalled', p.is_installed, 'isEnabled', p.is_enabled,
            'config', p.config, 'configMerge', p.config_merge, 'featureFlags', p.feature_flags, 'navConfig', p.nav_config,
            'dependencies', p.dependencies, 'requiredPermissions', p.required_permissions, 'isRemoved', true)
    end;
$$;

create function mgmt_override_json(p_is_enabled boolean, p_config jsonb, p_flags jsonb) returns json
    language sql immutable parallel safe set search_path from current as $$
    select json_build_object('isEnabled', p_is_enabled, 'configOverrides', p_config, 'featureFlagOverrides', p_flags);
$$;

create function mgmt_scope_text(p_scope_kind text, p_scope_id text) returns text
    language sql immutable parallel safe set search_path from current as $$
    select case when p_scope_kind = 'system' then 'system' else p_scope_kind || '/' || p_scope_id end;
$$;

-- A change as mgmt_commit_changes works with it, and what became of it.
create type mgmt_change as (
    ordinal      int,
    kind         text,
    id           text,
    revision     bigint,
    operation_id text,
    at           timestamptz,
    mark         jsonb,
    record       json,   -- as it was sent
    body         jsonb,  -- the same, to look into
    provenance   jsonb,
    identity     jsonb
);
create type mgmt_outcome as (
    ordinal    int,
    outcome    text,
    "position" bigint,
    revision   bigint,
    first      json
);

-- Takes a batch apart, once. (Functions of this script that run for each batch are written in plpgsql, which keeps their plans.)
create function mgmt_read_changes(p_changes json) returns mgmt_change[]
    language plpgsql immutable parallel safe set search_path from current set plan_cache_mode = force_generic_plan as $$
begin
    return (
        select coalesce(array_agg(row(e.n - 1, split_part(r ->> 'scope', '/', 1), split_part(r ->> 'scope', '/', 2),
            (r ->> 'revision')::bigint, r ->> 'operationId', (r ->> 'at')::timestamptz,
            jsonb_build_object('revision', r -> 'revision', 'at', r -> 'at', 'actor', r -> 'actor'),
            e.value -> 'record', r, b.value -> 'provenance', b.value -> 'identity')::mgmt_change order by e.n), '{}')
        from json_array_elements(p_changes) with ordinality e (value, n),
            lateral (select e.value::jsonb offset 0) b (value), lateral (select b.value -> 'record' offset 0) d (r)); -- offset 0: work it out once
end $$;

-- Writes the rows that records say: values are absolute, so nothing is read before it is written. No two of the changes are of one scope.
create function mgmt_apply_changes(p_changes mgmt_change[]) returns void
    language plpgsql set search_path from current set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
    v_definitions boolean;
    v_orgs boolean;
    v_workspaces boolean;
    v_cleared boolean;
    v_access boolean;
    v_deleted boolean;
begin
    select bool_or(c.kind = 'system' and c.body ? 'definitions'), bool_or(c.kind = 'org' and c.body ? 'overrides'), bool_or(c.kind = 'workspace' and c.body ? 'overrides'),
        bool_or(c.body @? '$.overrides[*] ? (!exists(@.after))'), bool_or(c.body ?| '{members,tokens}'), bool_or(c.body #> '{properties,isDeleted}' = 'true')
    into v_definitions, v_orgs, v_workspaces, v_cleared, v_access, v_deleted
    from unnest(p_changes) c;

    if v_definitions then
        insert into mgmt_cfg_sys_modules as m (module_name, display_name, description, module_type, tier, version, min_compatible_version,
            is_installed, is_enabled, config, config_merge, feature_flags, nav_config, dependencies, required_permissions,
            created_at, updated_at, created_by, updated_by, deleted_at, provenance, registered)
        select a ->> 'name', a ->> 'displayName', a ->> 'description', a ->> 'type', (a ->> 'tier')::int, a ->> 'version', a ->> 'minCompatibleVersion',
            (a ->> 'isInstalled')::boolean, (a ->> 'isEnabled')::boolean, a -> 'config', a ->> 'configMerge', a -> 'featureFlags', a -> 'navConfig',
            a -> 'dependencies', a -> 'requiredPermissions', c.at, c.at, c.mark ->> 'actor', c.mark ->> 'actor', case when (a ->> 'isRemoved')::boolean then c.at end,
            coalesce(c.provenance -> (a ->> 'name'),
                (select mgmt_provenance_after(o.provenance, mgmt_definition_json(o)::jsonb, a, c.mark) from mgmt_cfg_sys_modules o where o.module_name = a ->> 'name'),
                jsonb_build_object('whole', c.mark)), c.mark
        from unnest(p_changes) c, jsonb_array_elements(c.body -> 'definitions') i, lateral (select i.value -> 'after') d (a)
        where c.kind = 'system'
        on conflict (module_name) do update set
            display_name = excluded.display_name, description = excluded.description, module_type = excluded.module_type, tier = excluded.tier,
            version = excluded.version, min_compatible_version = excluded.min_compatible_version, is_installed = excluded.is_installed,
            is_enabled = excluded.is_enabled, config = excluded.config, config_merge = excluded.config_merge, feature_flags = excluded.feature_flags,
            nav_config = excluded.nav_config, dependencies = excluded.dependencies, required_permissions = excluded.required_permissions,
            updated_at = excluded.updated_at, updated_by = excluded.updated_by, provenance = excluded.provenance,
            deleted_at = case when excluded.deleted_at is null then null else coalesce(m.deleted_at, excluded.deleted_at) end;
    end if;

    if v_orgs then
        insert into mgmt_cfg_org_modules (org_id, module_name, is_enabled, config_overrides, feature_flag_overrides, provenance, created_at, updated_at)
        select c.id, i.value ->> 'module', (a ->> 'isEnabled')::boolean, a -> 'configOverrides', a -> 'featureFlagOverrides',
            coalesce(c.provenance -> (i.value ->> 'module'),
                (select mgmt_provenance_after(o.provenance, mgmt_override_json(o.is_enabled, o.config_overrides, o.feature_flag_overrides)::jsonb, a, c.mark)
                 from mgmt_cfg_org_modules o where o.org_id = c.id and o.module_name = i.value ->> 'module'),
                jsonb_build_object('whole', c.mark)), c.at, c.at
        from unnest(p_changes) c, jsonb_array_elements(c.body -> 'overrides') i, lateral (select i.value -> 'after') d (a)
        where c.kind = 'org' and a is not null
        on conflict (org_id, module_name) do update set is_enabled = excluded.is_enabled, config_overrides = excluded.config_overrides,
            feature_flag_overrides = excluded.feature_flag_overrides, provenance = excluded.provenance, updated_at = excluded.updated_at;
    end if;
    if v_workspaces then
        insert into mgmt_cfg_ws_modules (ws_id, module_name, is_enabled, config_overrides, feature_flag_overrides, provenance, created_at, updated_at)
        select c.id, i.value ->> 'module', (a ->> 'isEnabled')::boolean, a -> 'configOverrides', a -> 'featureFlagOverrides',
            coalesce(c.provenance -> (i.value ->> 'module'),
                (select mgmt_provenance_after(o.provenance, mgmt_override_json(o.is_enabled, o.config_overrides, o.feature_flag_overrides)::jsonb, a, c.mark)
                 from mgmt_cfg_ws_modules o where o.ws_id = c.id and o.module_name = i.value ->> 'module'),
                jsonb_build_object('whole', c.mark)), c.at, c.at
        from unnest(p_changes) c, jsonb_array_elements(c.body -> 'overrides') i, lateral (select i.value -> 'after') d (a)
        where c.kind = 'workspace' and a is not null
        on conflict (ws_id, module_name) do update set is_enabled = excluded.is_enabled, config_overrides = excluded.config_overrides,
            feature_flag_overrides = excluded.feature_flag_overrides, provenance = excluded.provenance, updated_at = excluded.updated_at;
    end if;
    if v_cleared then
        delete from mgmt_cfg_org_modules m using unnest(p_changes) c, jsonb_array_elements(c.body -> 'overrides') i
        where c.kind = 'org' and not i.value ? 'after' and m.org_id = c.id and m.module_name = i.value ->> 'module';
        delete from mgmt_cfg_ws_modules m using unnest(p_changes) c, jsonb_array_elements(c.body -> 'overrides') i
        where c.kind = 'workspace' and not i.value ? 'after' and m.ws_id = c.id and m.module_name = i.value ->> 'module';
    end if;

    if v_access then
        insert into mgmt_cfg_members (scope_kind, scope_id, subject, role, mark)
        select c.kind, c.id, i.value ->> 'subject', i.value ->> 'after', c.mark
        from unnest(p_changes) c, jsonb_array_elements(c.body -> 'members') i where i.value ? 'after'
        on conflict (scope_kind, scope_id, subject) do update set role = excluded.role, mark = excluded.mark;
        delete from mgmt_cfg_members m using unnest(p_changes) c, jsonb_array_elements(c.body -> 'members') i
        where not i.value ? 'after' and m.scope_kind = c.kind and m.scope_id = c.id and m.subject = i.value ->> 'subject';
        insert into mgmt_cfg_tokens (scope_kind, scope_id, token_id, token, mark)
        select c.kind, c.id, i.value ->> 'id', i.value -> 'after', c.mark
        from unnest(p_changes) c, jsonb_array_elements(c.body -> 'tokens') i where i.value ? 'after'
        on conflict (scope_kind, scope_id, token_id) do update set token = excluded.token, mark = excluded.mark;
        delete from mgmt_cfg_tokens t using unnest(p_changes) c, jsonb_array_elements(c.body -> 'tokens') i
        where not i.value ? 'after' and t.scope_kind = c.kind and t.scope_id = c.id and t.token_id = i.value ->> 'id';
    end if;

    if v_deleted then
        delete from mgmt_cfg_members m using unnest(p_changes) c where c.body #> '{properties,isDeleted}' = 'true' and m.scope_kind = c.kind and m.scope_id = c.id;
        delete from mgmt_cfg_tokens t using unnest(p_changes) c where c.body #> '{properties,isDeleted}' = 'true' and t.scope_kind = c.kind and t.scope_id = c.id;
        delete from mgmt_cfg_org_modules m using unnest(p_changes) c where c.body #> '{properties,isDeleted}' = 'true' and c.kind = 'org' and m.org_id = c.id;
        delete from mgmt_cfg_ws_modules m using unnest(p_changes) c where c.body #> '{properties,isDeleted}' = 'true' and c.kind = 'workspace' and m.ws_id = c.id;
    end if;
end $$;

-- Moves scopes, which are locked, to their next revisions: those that are at the one before. The answer is the ordinals of their changes.
create function mgmt_advance_scopes(p_changes mgmt_change[]) returns int[]
    language plpgsql set search_path from current set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
    v_kinds text[] := array(select distinct c.kind from unnest(p_changes) c);
    v_moved int[] := '{}';
    v_some int[];
begin
    if 'system' = any (v_kinds) then
        with moved as (
            update mgmt_cfg_sys_scope s set revision = c.revision, updated_at = c.at,
                host_version = case when c.body ? 'properties' then c.body #>> '{properties,hostVersion}' else s.host_version end,
                settings = coalesce(c.body #> '{settings,after}', s.settings)
            from unnest(p_changes) c where c.kind = 'system' and s.revision = c.revision - 1
            returning c.ordinal)
        select array_agg(m.ordinal) into v_some from moved m;
        v_moved := v_moved || v_some;
    end if;
    if 'org' = any (v_kinds) then
        with moved as (
            update mgmt_cfg_orgs s set revision = c.revision, updated_at = c.at,
                created_at = case when c.revision = 1 then c.at else s.created_at end,
                name = case when c.body ? 'properties' then c.body #>> '{properties,name}' else s.name end,
                settings = coalesce(c.body #> '{settings,after}', s.settings),
                is_deleted = case when c.body ? 'properties' then coalesce((c.body #>> '{properties,isDeleted}')::boolean, false) else s.is_deleted end
            from unnest(p_changes) c where c.kind = 'org' and s.org_id = c.id and s.revision = c.revision - 1
            returning c.ordinal)
        select array_agg(m.ordinal) into v_some from moved m;
        v_moved := v_moved || v_some;
    end if;
    if 'workspace' = any (v_kinds) then
        with moved as (
            update mgmt_cfg_workspaces s set revision = c.revision, updated_at = c.at,
                created_at = case when c.revision = 1 then c.at else s.created_at end,
                name = case when c.body ? 'properties' then c.body #>> '{properties,name}' else s.name end,
                settings = coalesce(c.body #> '{settings,after}', s.settings),
                is_deleted = case when c.body ? 'properties' then coalesce((c.body #>> '{properties,isDeleted}')::boolean, false) else s.is_deleted end
            from unnest(p_changes) c where c.kind = 'workspace' and s.ws_id = c.id and s.revision = c.revision - 1
            returning c.ordinal)
        select array_agg(m.ordinal) into v_some from moved m;
        v_moved := v_moved || v_some;
    end if;
    return v_moved;
end $$;

-- How a version vector begins: with the epoch, once one was raised, and the revision of the system.
create function mgmt_version_start() returns text
    language sql stable set search_path from current as $$
    select case when e.epoch > 0 then 'e' || e.epoch || '.' else '' end || 's' || s.revision from mgmt_cfg_epoch e, mgmt_cfg_sys_scope s;
$$;

create function mgmt_revision_of(p_kind text, p_id text) returns bigint
    language sql stable set search_path from current as $$
    select coalesce(case p_kind
        when 'system' then (select revision from mgmt_cfg_sys_scope)
        when 'org' then (select revision from mgmt_cfg_orgs where org_id = p_id)
        else (select revision from mgmt_cfg_workspaces where ws_id = p_id)
    end, 0);
$$;

-- Locks the scopes of a batch in one fixed order, so that two batches cannot wait for each other. A scope that is created gets its
-- row here, at revision 0, so that there is something to lock; the organization of a new workspace is kept from being deleted.
create function mgmt_lock_scopes(p_changes mgmt_change[], p_kinds text[], p_creates boolean) returns void
    language plpgsql set search_path from current set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
begin
    if 'system' = any (p_kinds) then
        perform 1 from mgmt_cfg_sys_scope for no key update;
    end if;
    if 'org' = any (p_kinds) then
        if p_creates then
            insert into mgmt_cfg_orgs (org_id, is_deleted)
            select distinct c.id, true from unnest(p_changes) c where c.kind = 'org' and c.revision = 1 and c.body ? 'properties' order by 1 on conflict do nothing;
        end if;
        perform 1 from mgmt_cfg_orgs where org_id = any (array(select c.id from unnest(p_changes) c where c.kind = 'org')) order by org_id for no key update;
    end if;
    if 'workspace' = any (p_kinds) then
        if p_creates then
            perform 1 from mgmt_cfg_orgs
            where org_id = any (array(select c.body #>> '{properties,orgId}' from unnest(p_changes) c where c.kind = 'workspace')) order by org_id for share;
            insert into mgmt_cfg_workspaces (ws_id, org_id, is_deleted)
            select distinct on (1) c.id, c.body #>> '{properties,orgId}', true
            from unnest(p_changes) c where c.kind = 'workspace' and c.revision = 1 and c.body ? 'properties' order by 1 on conflict do nothing;
        end if;
        perform 1 from mgmt_cfg_workspaces where ws_id = any (array(select c.id from unnest(p_changes) c where c.kind = 'workspace')) order by ws_id for no key update;
    end if;
end $$;

-- Makes changes whose scopes are locked, at most one of a scope, and says what became of each: see mgmt_commit_changes.
create function mgmt_make_changes(p_changes mgmt_change[]) returns setof mgmt_outcome
    language plpgsql set search_path from current set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
    v_making mgmt_change[] := p_changes;
    v_not mgmt_outcome[] := array(
        select row((select c.ordinal from unnest(p_changes) c where c.operation_id = l.operation_id), 'repeated', null, null, l.record)::mgmt_outcome
        from mgmt_log_changes l where l.operation_id = any (array(select c.operation_id from unnest(p_changes) c)));
    v_moved int[];
    v_start bigint;
begin
    v_not := v_not || array(
        select row(c.ordinal, 'refused', null, null, null)::mgmt_outcome
        from unnest(p_changes) c
        where c.identity is not null and c.ordinal <> all (array(select n.ordinal from unnest(v_not) n)) and not mgmt_may_make(c.identity, c.kind, c.id, c.body));
    if cardinality(v_not) > 0 then
        v_making := array(select c from unnest(v_making) c where c.ordinal <> all (array(select n.ordinal from unnest(v_not) n)) order by c.ordinal);
    end if;
    v_moved := mgmt_advance_scopes(v_making);
    if cardinality(v_moved) < cardinality(v_making) then
        v_not := v_not || array(
            select row(c.ordinal, 'conflict', null, mgmt_revision_of(c.kind, c.id), null)::mgmt_outcome from unnest(v_making) c where c.ordinal <> all (v_moved));
        v_making := array(select c from unnest(v_making) c where c.ordinal = any (v_moved) order by c.ordinal);
    end if;
    if cardinality(v_making) > 0 then
        perform mgmt_apply_changes(v_making);
        update mgmt_cfg_feed set head = head + cardinality(v_making) returning head - cardinality(v_making) into v_start;
        return query
            insert into mgmt_log_changes (position, scope_kind, scope_id, revision, operation_id, fingerprint, kind, at, actor, reason, modules, record)
            select v_start + c.ordinality, c.kind, c.id, c.revision, c.operation_id, c.body ->> 'fingerprint', c.body ->> 'kind', c.at, c.body ->> 'actor', c.body ->> 'reason',
                array(select x -> 'after' ->> 'name' from jsonb_array_elements(c.body -> 'definitions') x)
                    || array(select x ->> 'module' from jsonb_array_elements(c.body -> 'overrides') x),
                mgmt_with_position(c.record, v_start + c.ordinality)
            from unnest(v_making) with ordinality c
            returning (v_making[(mgmt_log_changes.position - v_start)::int]).ordinal, 'committed', mgmt_log_changes.position, mgmt_log_changes.revision, null::json;
        perform pg_notify('modules_feed', (v_start + cardinality(v_making))::text);
    end if;
    if cardinality(v_not) > 0 then
        return query select * from unnest(v_not);
    end if;
end $$;

-- Commits a batch of changes. p_changes is an array of
--   {"record": change record with position 0, "provenance": {module: provenance}, "identity": {"subject": who, "grants": {scope: role}}}
-- provenance may leave modules out: it is then worked out here. identity says who asked for the change, see mgmt_may_make; without it, it
-- is the service's own. The outcome of each change is
--   committed  at "position", the scope now being at "revision"
--   repeated   its operation id was used before; "first" is the record of that change, and nothing was changed
--   refused    who asked for it may not; nothing was changed
--   conflict   the scope is at "revision", not at the one before the record's; nothing was changed
-- Changes of one scope may follow each other in one batch. What a trigger refuses fails the whole call, and so does an operation id
-- that two batches bring at the same moment (23505): send the changes again one by one.
--
-- A batch costs a fixed number of statements however many changes it has. Statements find rows by their keys and keep their plans:
-- plans made while tables were small must not scan them when they have grown.
create function mgmt_commit_changes(p_changes json) returns setof mgmt_outcome
    language plpgsql set search_path from current set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
    v_role text := current_setting('modules.role', true);
    v_all mgmt_change[] := mgmt_read_changes(p_changes);
    v_kinds text[];
    v_creates boolean;
    v_repeats boolean;
    v_change mgmt_change;
begin
    perform set_config('modules.in_commit', 'on', true), set_config('modules.role', 'service', true);
    select array_agg(distinct c.kind), bool_or(c.revision = 1 and c.body ? 'properties'),
        count(distinct c.kind || '/' || c.id) < count(*) or count(distinct c.operation_id) < count(c.operation_id)
    into v_kinds, v_creates, v_repeats from unnest(v_all) c;
    perform mgmt_lock_scopes(v_all, v_kinds, v_creates);

    if v_repeats then
        foreach v_change in array v_all loop
            return query select * from mgmt_make_changes(array[v_change]);
        end loop;
    else
        return query select * from mgmt_make_changes(v_all);
    end if;

    -- A scope whose creation came to nothing leaves no row.
    if v_creates then
        delete from mgmt_cfg_workspaces w using unnest(v_all) c where c.kind = 'workspace' and c.revision = 1 and c.body ? 'properties' and w.ws_id = c.id and w.revision = 0;
        delete from mgmt_cfg_orgs o using unnest(v_all) c where c.kind = 'org' and c.revision = 1 and c.body ? 'properties' and o.org_id = c.id and o.revision = 0;
    end if;
    perform set_config('modules.role', coalesce(v_role, ''), true), set_config('modules.in_commit', 'off', true);
end $$;

-- A record as it was sent, byte for byte, with its place in the feed.
create function mgmt_with_position(p_record json, p_position bigint) returns json
    language plpgsql immutable parallel safe strict as $$
begin
    if starts_with(p_record::text, '{"position":0,') then
        return '{"position":' || p_position || substr(p_record::text, 14);
    end if;
    return regexp_replace(p_record::text, '^(\s*\{\s*"position"\s*:\s*)0', '\1' || p_position);
end $$;

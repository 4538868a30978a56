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

-- Writes the rows that one record says: values are absolute, so nothing is read before it is written.
create function mgmt_apply_record(p_kind text, p_id text, p_record jsonb, p_provenance jsonb) returns void
    language plpgsql set search_path from current as $$
declare
    v_at timestamptz := (p_record ->> 'at')::timestamptz;
    v_actor text := p_record ->> 'actor';
    v_mark jsonb := mgmt_mark((p_record ->> 'revision')::bigint, v_at, v_actor);
    v_item jsonb;
    v_after jsonb;
    v_name text;
begin
    for v_item in select value from jsonb_array_elements(p_record -> 'definitions') loop
        v_after := v_item -> 'after';
        v_name := v_after ->> 'name';
        insert into mgmt_cfg_sys_modules as m (module_name, display_name, description, module_type, tier, version, min_compatible_version,
            is_installed, is_enabled, config, config_merge, feature_flags, nav_config, dependencies, required_permissions,
            created_at, updated_at, created_by, updated_by, deleted_at, provenance, registered)
        values (v_name, v_after ->> 'displayName', v_after ->> 'description', v_after ->> 'type', (v_after ->> 'tier')::int, v_after ->> 'version',
            v_after ->> 'minCompatibleVersion', (v_after ->> 'isInstalled')::boolean, (v_after ->> 'isEnabled')::boolean, v_after -> 'config',
            v_after ->> 'configMerge', v_after -> 'featureFlags', v_after -> 'navConfig', v_after -> 'dependencies', v_after -> 'requiredPermissions',
            v_at, v_at, v_actor, v_actor, case when (v_after ->> 'isRemoved')::boolean then v_at end,
            coalesce(p_provenance -> v_name, jsonb_build_object('whole', v_mark)), v_mark)
        on conflict (module_name) do update set
            display_name = excluded.display_name, description = excluded.description, module_type = excluded.module_type, tier = excluded.tier,
            version = excluded.version, min_compatible_version = excluded.min_compatible_version, is_installed = excluded.is_installed,
            is_enabled = excluded.is_enabled, config = excluded.config, config_merge = excluded.config_merge, feature_flags = excluded.feature_flags,
            nav_config = excluded.nav_config, dependencies = excluded.dependencies, required_permissions = excluded.required_permissions,
            updated_at = excluded.updated_at, updated_by = excluded.updated_by,
            deleted_at = case when excluded.deleted_at is null then null else coalesce(m.deleted_at, excluded.deleted_at) end,
            provenance = coalesce(p_provenance -> v_name,
                mgmt_provenance_after(m.provenance, mgmt_definition_json(m)::jsonb, v_after, v_mark));
    end loop;

    for v_item in select value from jsonb_array_elements(p_record -> 'overrides') loop
        v_after := v_item -> 'after';
        v_name := v_item ->> 'module';
        if v_after is null and p_kind = 'org' then
            delete from mgmt_cfg_org_modules where org_id = p_id and module_name = v_name;
        elsif v_after is null then
            delete from mgmt_cfg_ws_modules where ws_id = p_id and module_name = v_name;
        elsif p_kind = 'org' then
            insert into mgmt_cfg_org_modules as m (org_id, module_name, is_enabled, config_overrides, feature_flag_overrides, provenance, created_at, updated_at)
            values (p_id, v_name, (v_after ->> 'isEnabled')::boolean, v_after -> 'configOverrides', v_after -> 'featureFlagOverrides',
                coalesce(p_provenance -> v_name, jsonb_build_object('whole', v_mark)), v_at, v_at)
            on conflict (org_id, module_name) do update set
                is_enabled = excluded.is_enabled, config_overrides = excluded.config_overrides, feature_flag_overrides = excluded.feature_flag_overrides,
                updated_at = excluded.updated_at, provenance = coalesce(p_provenance -> v_name, mgmt_provenance_after(m.provenance,
                    mgmt_override_json(m.is_enabled, m.config_overrides, m.feature_flag_overrides)::jsonb, v_after, v_mark));
        else
            insert into mgmt_cfg_ws_modules as m (ws_id, module_name, is_enabled, config_overrides, feature_flag_overrides, provenance, created_at, updated_at)
            values (p_id, v_name, (v_after ->> 'isEnabled')::boolean, v_after -> 'configOverrides', v_after -> 'featureFlagOverrides',
                coalesce(p_provenance -> v_name, jsonb_build_object('whole', v_mark)), v_at, v_at)
            on conflict (ws_id, module_name) do update set
                is_enabled = excluded.is_enabled, config_overrides = excluded.config_overrides, feature_flag_overrides = excluded.feature_flag_overrides,
                updated_at = excluded.updated_at, provenance = coalesce(p_provenance -> v_name, mgmt_provenance_after(m.provenance,
                    mgmt_override_json(m.is_enabled, m.config_overrides, m.feature_flag_overrides)::jsonb, v_after, v_mark));
        end if;
    end loop;

    for v_item in select value from jsonb_array_elements(p_record -> 'members') loop
        if v_item ? 'after' then
            insert into mgmt_cfg_members (scope_kind, scope_id, subject, role, mark)
            values (p_kind, p_id, v_item ->> 'subject', v_item ->> 'after', v_mark)
            on conflict (scope_kind, scope_id, subject) do update set role = excluded.role, mark = excluded.mark;
        else
            delete from mgmt_cfg_members where scope_kind = p_kind and scope_id = p_id and subject = v_item ->> 'subject';
        end if;
    end loop;

    for v_item in select value from jsonb_array_elements(p_record -> 'tokens') loop
        if v_item ? 'after' then
            insert into mgmt_cfg_tokens (scope_kind, scope_id, token_id, token, mark)
            values (p_kind, p_id, v_item ->> 'id', v_item -> 'after', v_mark)
            on conflict (scope_kind, scope_id, token_id) do update set token = excluded.token, mark = excluded.mark;
        else
            delete from mgmt_cfg_tokens where scope_kind = p_kind and scope_id = p_id and token_id = v_item ->> 'id';
        end if;
    end loop;

    if (p_record -> 'properties' ->> 'isDeleted')::boolean then
        delete from mgmt_cfg_members where scope_kind = p_kind and scope_id = p_id;
        delete from mgmt_cfg_tokens where scope_kind = p_kind and scope_id = p_id;
        if p_kind = 'org' then
            delete from mgmt_cfg_org_modules where org_id = p_id;
        else
            delete from mgmt_cfg_ws_modules where ws_id = p_id;
        end if;
    end if;
end $$;

-- Moves a scope to its next revision if it is still at the one before; null where it is not.
create function mgmt_advance_scope(p_kind text, p_id text, p_record jsonb) returns bigint
    language plpgsql set search_path from current as $$
declare
    v_next bigint := (p_record ->> 'revision')::bigint;
    v_at timestamptz := (p_record ->> 'at')::timestamptz;
    v_said boolean := p_record ? 'properties';
    v_new jsonb := coalesce(p_record -> 'properties', '{}');
    v_settings jsonb := p_record -> 'settings' -> 'after';
    v_result bigint;
begin
    case p_kind
    when 'system' then
        update mgmt_cfg_sys_scope set revision = v_next, updated_at = v_at,
            host_version = case when v_said then v_new ->> 'hostVersion' else host_version end,
            settings = coalesce(v_settings, settings)
        where revision = v_next - 1 returning revision into v_result;
    when 'org' then
        update mgmt_cfg_orgs set revision = v_next, updated_at = v_at,
            created_at = case when v_next = 1 then v_at else created_at end,
            name = case when v_said then v_new ->> 'name' else name end,
            settings = coalesce(v_settings, settings),
            is_deleted = case when v_said then coalesce((v_new ->> 'isDeleted')::boolean, false) else is_deleted end
        where org_id = p_id and revision = v_next - 1 returning revision into v_result;
    else
        update mgmt_cfg_workspaces set revision = v_next, updated_at = v_at,
            created_at = case when v_next = 1 then v_at else created_at end,
            name = case when v_said then v_new ->> 'name' else name end,
            settings = coalesce(v_settings, settings),
            is_deleted = case when v_said then coalesce((v_new ->> 'isDeleted')::boolean, false) else is_deleted end
        where ws_id = p_id and revision = v_next - 1 returning revision into v_result;
    end case;
    return v_result;
end $$;

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
create function mgmt_lock_scopes(p_changes jsonb) returns void
    language plpgsql set search_path from current as $$
declare
    v_orgs text[];
    v_workspaces text[];
    v_homes text[];
begin
    select array_agg(distinct split_part(scope, '/', 2)) filter (where scope like 'org/%'),
        array_agg(distinct split_part(scope, '/', 2)) filter (where scope like 'workspace/%'),
        array_agg(distinct home) filter (where scope like 'workspace/%' and home is not null)
    into v_orgs, v_workspaces, v_homes
    from (select r -> 'record' ->> 'scope' as scope, r -> 'record' -> 'properties' ->> 'orgId' as home from jsonb_array_elements(p_changes) r) s;

    if jsonb_path_exists(p_changes, '$[*].record ? (@.scope == "system")') then
        perform 1 from mgmt_cfg_sys_scope for no key update;
    end if;
    if v_orgs is not null then
        insert into mgmt_cfg_orgs (org_id, is_deleted)
        select distinct split_part(r -> 'record' ->> 'scope', '/', 2), true
        from jsonb_array_elements(p_changes) r
        where r -> 'record' ->> 'scope' like 'org/%' and r -> 'record' ->> 'revision' = '1'
        order by 1 on conflict do nothing;
        perform 1 from mgmt_cfg_orgs where org_id = any (v_orgs) order by org_id for no key update;
    end if;
    if v_homes is not null then
        perform 1 from mgmt_cfg_orgs where org_id = any (v_homes) order by org_id for share;
    end if;
    if v_workspaces is not null then
        insert into mgmt_cfg_workspaces (ws_id, org_id, is_deleted)
        select distinct on (1) split_part(r -> 'record' ->> 'scope', '/', 2), r -> 'record' -> 'properties' ->> 'orgId', true
        from jsonb_array_elements(p_changes) r
        where r -> 'record' ->> 'scope' like 'workspace/%' and r -> 'record' ->> 'revision' = '1'
        order by 1 on conflict do nothing;
        perform 1 from mgmt_cfg_workspaces where ws_id = any (v_workspaces) order by ws_id for no key update;
    end if;
end $$;

-- Commits a batch of changes. p_changes is an array of
--   {"record": change record with position 0, "provenance": {module: provenance}, "identity": {setting: value}}
-- provenance may leave modules out: it is then worked out here. identity sets modules.<setting> for the writing of that change.
-- The outcome of each change is
--   committed  at "position", the scope now being at "revision"
--   repeated   its operation id was used before; "first" is the record of that change, and nothing was changed
--   conflict   the scope is at "revision", not at the one before the record's; nothing was changed
-- Changes of one scope may follow each other in one batch. What a trigger refuses fails the whole call, and so does an operation id
-- that two batches bring at the same moment (23505): send the changes again one by one.
create function mgmt_commit_changes(p_changes json) returns table (ordinal int, outcome text, "position" bigint, revision bigint, first json)
    language plpgsql set search_path from current as $$
declare
    v_role text := coalesce(current_setting('modules.role', true), '');
    v_subject text := coalesce(current_setting('modules.subject', true), '');
    v_all jsonb := p_changes;
    v_change json;
    v_changed jsonb;
    v_record jsonb;
    v_records json[] := '{}';
    v_scope text;
    v_kind text;
    v_id text;
    v_operation text;
    v_first json;
    v_ordinals int[] := '{}';  -- of the changes that are made
    v_outcomes text[] := '{}'; -- of all
    v_revisions bigint[] := '{}';
    v_firsts json[] := '{}';
    v_same int[] := '{}';      -- where an operation id comes twice in the batch: the ordinal of its first change
    v_operations jsonb := '{}';
    v_ordinal int := -1;
    v_head bigint;
begin
    perform set_config('modules.in_commit', 'on', true);
    perform mgmt_lock_scopes(v_all);
    for v_change in select value from json_array_elements(p_changes) loop
        v_ordinal := v_ordinal + 1;
        v_changed := v_change;
        v_record := v_changed -> 'record';
        v_records := v_records || (v_change -> 'record');
        v_scope := v_record ->> 'scope';
        v_kind := split_part(v_scope, '/', 1);
        v_id := split_part(v_scope, '/', 2);
        v_operation := v_record ->> 'operationId';
        v_first := null;
        if v_operation is not null then
            select c.record into v_first from mgmt_log_changes c where c.operation_id = v_operation;
        end if;

        v_outcomes := v_outcomes || 'committed'::text;
        v_revisions := v_revisions || (v_record ->> 'revision')::bigint;
        v_firsts := v_firsts || v_first;
        v_same := v_same || (v_operations -> v_operation)::int;
        if v_first is not null or v_operations ? v_operation then
            v_outcomes[v_ordinal + 1] := 'repeated';
            v_revisions[v_ordinal + 1] := null;
            continue;
        end if;

        perform set_config('modules.' || i.key, i.value, true) from jsonb_each_text(v_changed -> 'identity') i;
        if mgmt_advance_scope(v_kind, v_id, v_record) is null then
            v_outcomes[v_ordinal + 1] := 'conflict';
            v_revisions[v_ordinal + 1] := mgmt_revision_of(v_kind, v_id);
            continue;
        end if;

        perform mgmt_apply_record(v_kind, v_id, v_record, v_changed -> 'provenance');
        v_ordinals := v_ordinals || v_ordinal;
        if v_operation is not null then
            v_operations := v_operations || jsonb_build_object(v_operation, v_ordinal);
        end if;
    end loop;

    -- The rest is the service's own bookkeeping.
    perform set_config('modules.role', 'service', true);
    delete from mgmt_cfg_workspaces w using jsonb_array_elements(v_all) r
        where w.revision = 0 and 'workspace/' || w.ws_id = r -> 'record' ->> 'scope' and r -> 'record' ->> 'revision' = '1';
    delete from mgmt_cfg_orgs o using jsonb_array_elements(v_all) r
        where o.revision = 0 and 'org/' || o.org_id = r -> 'record' ->> 'scope' and r -> 'record' ->> 'revision' = '1';
    if cardinality(v_ordinals) > 0 then
        update mgmt_cfg_feed set head = head + cardinality(v_ordinals) returning head into v_head;
        insert into mgmt_log_changes (position, scope_kind, scope_id, revision, operation_id, fingerprint, kind, at, actor, reason, modules, record)
        select v_head - cardinality(v_ordinals) + o.n, split_part(r ->> 'scope', '/', 1), split_part(r ->> 'scope', '/', 2), (r ->> 'revision')::bigint,
            r ->> 'operationId', r ->> 'fingerprint', r ->> 'kind', (r ->> 'at')::timestamptz, r ->> 'actor', r ->> 'reason',
            array(select x -> 'after' ->> 'name' from jsonb_array_elements(r -> 'definitions') x)
                || array(select x ->> 'module' from jsonb_array_elements(r -> 'overrides') x),
            mgmt_with_position(v_records[o.ordinal + 1], v_head - cardinality(v_ordinals) + o.n)
        from unnest(v_ordinals) with ordinality o (ordinal, n), lateral (select v_records[o.ordinal + 1]::jsonb) as j (r);
        perform pg_notify('modules_feed', v_head::text);
    end if;

    perform set_config('modules.role', v_role, true), set_config('modules.subject', v_subject, true), set_config('modules.in_commit', 'off', true);
    return query
        select u.n::int - 1, u.outcome, v_head - cardinality(v_ordinals) + made.n, u.revision,
            coalesce(u.first, mgmt_with_position(v_records[u.same + 1], v_head - cardinality(v_ordinals) + earlier.n))
        from unnest(v_outcomes, v_revisions, v_firsts, v_same) with ordinality u (outcome, revision, first, same, n)
        left join unnest(v_ordinals) with ordinality made (ordinal, n) on made.ordinal = u.n - 1
        left join unnest(v_ordinals) with ordinality earlier (ordinal, n) on earlier.ordinal = u.same
        order by u.n;
end $$;

-- A record as it was sent, byte for byte, with its place in the feed.
create function mgmt_with_position(p_record json, p_position bigint) returns json
    language sql immutable parallel safe strict set search_path from current as $$
    select regexp_replace(p_record::text, '^(\s*\{\s*"position"\s*:\s*)0', '\1' || p_position)::json;
$$;

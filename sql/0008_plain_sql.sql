-- Changes made by plain SQL: an operator with psql, or a host that uses the tables. Each statement gives every scope that it really
-- changes its next revision and one change record, and tells the running servers. The service's own commits (modules.in_commit) have
-- their records already. Who did it is the setting modules.subject, else the login; why is the setting modules.reason.

select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

create function mgmt_actor() returns text
    language sql stable set search_path from current as $$
    select left(coalesce(nullif(current_setting('modules.subject', true), ''), session_user), 200);
$$;

-- One item of a record: {"module": name, "before": ..., "after": ...}, with before or after left out where there is none.
create function mgmt_change_json(p_key text, p_name text, p_before json, p_after json) returns json
    language sql immutable parallel safe set search_path from current as $$
    select ('{' || concat_ws(',', to_json(p_key) || ':' || to_json(p_name), '"before":' || p_before::text, '"after":' || p_after::text) || '}')::json;
$$;

-- Gives a scope its next revision and writes the record of the change. p_body is the part of the record that says what changed.
-- The answer is the mark of the change.
create function mgmt_record_change(p_kind text, p_id text, p_change text, p_body jsonb, p_items json, p_modules text[]) returns jsonb
    language plpgsql security definer set search_path from current set application_name = 'modules: trusted function' as $$
declare
    v_at timestamptz := date_trunc('milliseconds', clock_timestamp());
    v_actor text := mgmt_actor();
    v_reason text := nullif(current_setting('modules.reason', true), '');
    v_revision bigint;
    v_deleted boolean := false;
    v_org text;
    v_version text;
    v_fields text;
begin
    perform set_config('modules.in_commit', 'on', true);
    case p_kind
    when 'system' then
        update mgmt_cfg_sys_scope set revision = revision + 1, updated_at = v_at returning revision into v_revision;
        v_version := mgmt_version_start();
    when 'org' then
        update mgmt_cfg_orgs set revision = revision + 1, updated_at = v_at where org_id = p_id returning revision, is_deleted into v_revision, v_deleted;
        v_version := mgmt_version_start() || '.o' || v_revision;
    else
        update mgmt_cfg_workspaces set revision = revision + 1, updated_at = v_at where ws_id = p_id returning revision, is_deleted, org_id into v_revision, v_deleted, v_org;
        v_version := mgmt_version_start() || '.o' || mgmt_revision_of('org', v_org) || '.w' || v_revision;
    end case;
    perform set_config('modules.in_commit', 'off', true);
    if v_revision is null or (v_deleted and p_change <> 'scope-deleted') then
        perform mgmt_refuse('OM404', case p_kind when 'org' then 'org-not-found' else 'workspace-not-found' end,
            format('There is no %s ''%s''.', case p_kind when 'org' then 'organization' else p_kind end, p_id), null, mgmt_scope_text(p_kind, p_id));
    end if;

    select string_agg(to_json(b.key) || ':' || b.value::text, ',') into v_fields
    from (select key, value::text from jsonb_each(p_body) union all select key, value::text from json_each(p_items)) b;
    insert into mgmt_log_changes (position, scope_kind, scope_id, revision, kind, at, actor, reason, modules, record)
    values (null, p_kind, p_id, v_revision, p_change, v_at, v_actor, v_reason, coalesce(p_modules, '{}'), ('{' || concat_ws(',',
        '"position":0', '"scope":' || to_json(mgmt_scope_text(p_kind, p_id)), '"revision":' || v_revision, '"kind":' || to_json(p_change),
        '"version":' || to_json(v_version), '"at":' || to_json(mgmt_mark(v_revision, v_at, v_actor) ->> 'at'), '"actor":' || to_json(v_actor),
        '"reason":' || to_json(v_reason), v_fields) || '}')::json);
    return mgmt_mark(v_revision, v_at, v_actor);
end $$;

-- A change by plain SQL gets its place in the feed when its transaction commits, so that the feed's lock is held as shortly as may be.
create function mgmt_place_change() returns trigger
    language plpgsql security definer set search_path from current set application_name = 'modules: trusted function' as $$
declare
    v_head bigint;
begin
    update mgmt_cfg_feed set head = head + 1 returning head into v_head;
    update mgmt_log_changes set position = v_head, record = mgmt_with_position(record, v_head)
    where scope_kind = new.scope_kind and scope_id = new.scope_id and revision = new.revision;
    perform pg_notify('modules_feed', v_head::text);
    return null;
end $$;

create constraint trigger mgmt_log_changes_place after insert on mgmt_log_changes deferrable initially deferred
    for each row when (new.position is null) execute function mgmt_place_change();

-- Overrides. The argument is the column that holds the scope's id.
create function mgmt_record_overrides() returns trigger
    language plpgsql security definer set search_path from current set application_name = 'modules: trusted function' as $$
declare
    v_column text := tg_argv[0];
    v_kind text := case v_column when 'org_id' then 'org' else 'workspace' end;
    v_rows text := case tg_op
        when 'INSERT' then format('select n.%1$I as id, n.module_name as module, null::json as before, mgmt_override_json(n.is_enabled, n.config_overrides, n.feature_flag_overrides) as after, null::jsonb as provenance from new_rows n', v_column)
        when 'DELETE' then format('select o.%1$I as id, o.module_name as module, mgmt_override_json(o.is_enabled, o.config_overrides, o.feature_flag_overrides) as before, null::json as after, null::jsonb as provenance from old_rows o', v_column)
        else format('select %1$I as id, module_name as module,
                case when o.provenance is not null then mgmt_override_json(o.is_enabled, o.config_overrides, o.feature_flag_overrides) end as before,
                case when n.provenance is not null then mgmt_override_json(n.is_enabled, n.config_overrides, n.feature_flag_overrides) end as after,
                o.provenance
            from old_rows o full join new_rows n using (%1$I, module_name)', v_column) end;
    v_scope record;
    v_mark jsonb;
begin
    for v_scope in execute format(
        'select r.id, array_agg(r.module::text order by r.module) as modules, bool_or(r.after is not null) as sets,
             json_agg(mgmt_change_json(''module'', r.module, r.before, r.after) order by r.module) as items,
             jsonb_agg(jsonb_build_object(''module'', r.module, ''before'', r.before, ''after'', r.after, ''provenance'', coalesce(r.provenance, ''{}'')))
                 filter (where r.after is not null) as kept
         from (%s) r where r.before::jsonb is distinct from r.after::jsonb group by r.id order by r.id', v_rows)
    loop
        v_mark := mgmt_record_change(v_kind, v_scope.id, case when v_scope.sets then 'override-set' else 'override-cleared' end, '{}',
            json_build_object('overrides', v_scope.items), v_scope.modules);
        perform set_config('modules.in_commit', 'on', true);
        execute format(
            'update %1$I t set updated_at = ($3 ->> ''at'')::timestamptz,
                 provenance = mgmt_provenance_after(k -> ''provenance'', nullif(k -> ''before'', ''null''), k -> ''after'', $3)
             from jsonb_array_elements($2) k where t.%2$I = $1 and t.module_name = k ->> ''module''', tg_table_name, v_column)
            using v_scope.id, v_scope.kept, v_mark;
        perform set_config('modules.in_commit', 'off', true);
    end loop;
    return null;
end $$;

create trigger mgmt_cfg_org_modules_record_insert after insert on mgmt_cfg_org_modules referencing new table as new_rows
    for each statement when (current_setting('modules.in_commit', true) is distinct from 'on') execute function mgmt_record_overrides('org_id');
create trigger mgmt_cfg_org_modules_record_update after update on mgmt_cfg_org_modules referencing old table as old_rows new table as new_rows
    for each statement when (current_setting('modules.in_commit', true) is distinct from 'on') execute function mgmt_record_overrides('org_id');
create trigger mgmt_cfg_org_modules_record_delete after delete on mgmt_cfg_org_modules referencing old table as old_rows
    for each statement when (current_setting('modules.in_commit', true) is distinct from 'on') execute function mgmt_record_overrides('org_id');
create trigger mgmt_cfg_ws_modules_record_insert after insert on mgmt_cfg_ws_modules referencing new table as new_rows
    for each statement when (current_setting('modules.in_commit', true) is distinct from 'on') execute function mgmt_record_overrides('ws_id');
create trigger mgmt_cfg_ws_modules_record_update after update on mgmt_cfg_ws_modules referencing old table as old_rows new table as new_rows
    for each statement when (current_setting('modules.in_commit', true) is distinct from 'on') execute function mgmt_record_overrides('ws_id');
create trigger mgmt_cfg_ws_modules_record_delete after delete on mgmt_cfg_ws_modules referencing old table as old_rows
    for each statement when (current_setting('modules.in_commit', true) is distinct from 'on') execute function mgmt_record_overrides('ws_id');

-- Definitions. Dependencies may be given as plain names: they are stored in the one form {"name", "range", "optional"}.
create function mgmt_prepare_definition() returns trigger
    language plpgsql set search_path from current as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'The row of ''%'' stays, because its name and history do.', old.module_name
            using errcode = 'OM409', hint = 'Set deleted_at to remove the module.';
    end if;
    new.display_name := coalesce(new.display_name, new.module_name);
    select coalesce(jsonb_agg(case jsonb_typeof(d.value)
            when 'string' then jsonb_build_object('name', d.value, 'range', '*', 'optional', false)
            when 'object' then '{"range": "*", "optional": false}' || d.value
            else d.value end order by d.ordinality), '[]')
    into new.dependencies
    from jsonb_array_elements(case jsonb_typeof(new.dependencies) when 'array' then new.dependencies else '[]' end) with ordinality d;
    if tg_op = 'UPDATE' then
        if new.module_name <> old.module_name then
            perform mgmt_refuse('OM409', 'module-name-fixed', format('A module''s name never changes: ''%s'' is known by it.', old.module_name), old.module_name, null);
        end if;
        new.created_at := old.created_at;
        new.registered := old.registered;
    end if;
    return new;
end $$;

create trigger mgmt_cfg_sys_modules_prepare before insert or update or delete on mgmt_cfg_sys_modules
    for each row when (current_setting('modules.in_commit', true) is distinct from 'on') execute function mgmt_prepare_definition();

create function mgmt_record_definitions() returns trigger
    language plpgsql security definer set search_path from current set application_name = 'modules: trusted function' as $$
declare
    v_before jsonb := '{}';
    v_changed jsonb;
    v_instead jsonb;
    v_broke json;
    v_items json;
    v_names text[];
    v_kinds text[];
    v_mark jsonb;
begin
    if tg_op = 'UPDATE' then
        select coalesce(jsonb_object_agg(o.module_name, jsonb_build_object('definition', mgmt_definition_json(o), 'provenance', o.provenance, 'removed', o.deleted_at is not null)), '{}'),
            coalesce(jsonb_object_agg(o.module_name, to_jsonb(o)), '{}')
        into v_before, v_instead
        from old_rows r, jsonb_populate_record(null::mgmt_cfg_sys_modules, to_jsonb(r)) o;
    else
        select coalesce(jsonb_object_agg(n.module_name, null::text), '{}') into v_instead from new_rows n;
    end if;

    select array_agg(n.module_name::text order by n.module_name),
        json_agg(('{' || concat_ws(',', '"before":' || (v_before -> n.module_name ->> 'definition'), '"after":' || mgmt_definition_json(n)::text) || '}')::json order by n.module_name),
        array_agg(distinct case
            when not v_before ? n.module_name then 'module-registered'
            when n.deleted_at is not null and v_before -> n.module_name -> 'removed' = 'false' then 'module-removed'
            when n.deleted_at is null and v_before -> n.module_name -> 'removed' = 'true' then 'restored'
            when mgmt_definition_json(n)::jsonb - 'isEnabled' <> (v_before -> n.module_name -> 'definition') - 'isEnabled' then 'module-updated'
            when n.is_enabled then 'module-enabled' else 'module-disabled' end),
        jsonb_object_agg(n.module_name, mgmt_definition_json(n))
    into v_names, v_items, v_kinds, v_changed
    from mgmt_cfg_sys_modules n
    where n.module_name in (select r.module_name from new_rows r)
        and v_before -> n.module_name -> 'definition' is distinct from mgmt_definition_json(n)::jsonb;
    if v_names is null then
        return null;
    end if;

    -- Enabled modules whose required modules a forced change left off.
    select json_agg(distinct u.module_name) into v_broke
    from mgmt_unmet('{}') u
    where not exists (select from mgmt_unmet(v_instead) b where b.module_name = u.module_name and b.needs = u.needs);
    v_mark := mgmt_record_change('system', '', case when cardinality(v_kinds) = 1 then v_kinds[1] else 'module-updated' end, '{}',
        ('{' || concat_ws(',', '"definitions":' || v_items::text, '"broke":' || v_broke::text) || '}')::json, v_names);
    perform set_config('modules.in_commit', 'on', true);
    update mgmt_cfg_sys_modules m set
        updated_at = (v_mark ->> 'at')::timestamptz, updated_by = v_mark ->> 'actor',
        created_by = case when v_before ? m.module_name then m.created_by else v_mark ->> 'actor' end,
        registered = case when v_before ? m.module_name then m.registered else v_mark end,
        provenance = mgmt_provenance_after(coalesce(v_before -> m.module_name -> 'provenance', '{}'), v_before -> m.module_name -> 'definition', v_changed -> m.module_name, v_mark)
    where m.module_name = any (v_names);
    perform set_config('modules.in_commit', 'off', true);
    return null;
end $$;

create trigger mgmt_cfg_sys_modules_record_insert after insert on mgmt_cfg_sys_modules referencing new table as new_rows
    for each statement when (current_setting('modules.in_commit', true) is distinct from 'on') execute function mgmt_record_definitions();
create trigger mgmt_cfg_sys_modules_record_update after update on mgmt_cfg_sys_modules referencing old table as old_rows new table as new_rows
    for each statement when (current_setting('modules.in_commit', true) is distinct from 'on') execute function mgmt_record_definitions();

-- The system scope: host version and settings.
create function mgmt_record_system() returns trigger
    language plpgsql security definer set search_path from current set application_name = 'modules: trusted function' as $$
begin
    if new.settings <> old.settings then
        perform mgmt_record_change('system', '', 'settings-set', jsonb_build_object('settings', jsonb_build_object('before', old.settings, 'after', new.settings)), '{}', null);
    end if;
    if new.host_version is distinct from old.host_version then
        perform mgmt_record_change('system', '', 'host-version-set', jsonb_build_object('properties', jsonb_strip_nulls(jsonb_build_object('hostVersion', new.host_version))), '{}', null);
    end if;
    return null;
end $$;

create trigger mgmt_cfg_sys_scope_record after update of host_version, settings on mgmt_cfg_sys_scope
    for each row when (current_setting('modules.in_commit', true) is distinct from 'on') execute function mgmt_record_system();

-- Organizations and workspaces. The argument is the kind of scope. A revision is never set by hand.
create function mgmt_prepare_scope() returns trigger
    language plpgsql set search_path from current as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'A % keeps its row, because its revisions are never used again.', tg_argv[0]
            using errcode = 'OM409', hint = 'Set is_deleted to true instead.';
    elsif tg_op = 'INSERT' then
        new.revision := 0;
        new.is_deleted := false;
    else
        new.revision := old.revision;
        if tg_argv[0] = 'workspace' and to_jsonb(new) ->> 'org_id' <> to_jsonb(old) ->> 'org_id' then
            perform mgmt_refuse('OM409', 'workspace-org-fixed', format('A workspace belongs to one organization for life: ''%s'' is taken by another.', to_jsonb(old) ->> 'ws_id'),
                null, 'workspace/' || (to_jsonb(old) ->> 'ws_id'));
        elsif new.is_deleted and not old.is_deleted then
            new.name := null;
            new.settings := '{}';
        end if;
    end if;
    return new;
end $$;

create trigger mgmt_cfg_orgs_prepare before insert or update or delete on mgmt_cfg_orgs
    for each row when (current_setting('modules.in_commit', true) is distinct from 'on') execute function mgmt_prepare_scope('org');
create trigger mgmt_cfg_workspaces_prepare before insert or update or delete on mgmt_cfg_workspaces
    for each row when (current_setting('modules.in_commit', true) is distinct from 'on') execute function mgmt_prepare_scope('workspace');

create function mgmt_record_scope() returns trigger
    language plpgsql security definer set search_path from current set application_name = 'modules: trusted function' as $$
declare
    v_kind text := tg_argv[0];
    v_new jsonb := to_jsonb(new);
    v_old jsonb := case when tg_op = 'UPDATE' then to_jsonb(old) else '{"settings": {}, "is_deleted": true}' end;
    v_id text := coalesce(v_new ->> 'ws_id', v_new ->> 'org_id');
    v_body jsonb := '{}';
    v_items json := '{}';
    v_modules text[];
    v_change text;
begin
    if v_new -> 'name' is distinct from coalesce(v_old -> 'name', 'null') or v_new -> 'is_deleted' <> v_old -> 'is_deleted' then
        v_body := jsonb_build_object('properties', jsonb_strip_nulls(jsonb_build_object('name', v_new -> 'name',
            'orgId', case v_kind when 'workspace' then v_new -> 'org_id' end, 'isDeleted', case when new.is_deleted then true end)));
    end if;
    if v_new -> 'settings' <> v_old -> 'settings' then
        v_body := v_body || jsonb_build_object('settings', jsonb_build_object('before', v_old -> 'settings', 'after', v_new -> 'settings'));
    end if;
    if v_body = '{}' then
        return null;
    end if;

    v_change := case
        when new.is_deleted and v_old -> 'is_deleted' = 'false' then 'scope-deleted'
        when v_old -> 'is_deleted' = 'true' then 'scope-created'
        when v_body ? 'properties' then 'scope-updated'
        else 'settings-set' end;
    if v_change = 'scope-deleted' then
        perform set_config('modules.in_commit', 'on', true);
        with gone_org as (delete from mgmt_cfg_org_modules where v_kind = 'org' and org_id = v_id returning *),
            gone_ws as (delete from mgmt_cfg_ws_modules where v_kind = 'workspace' and ws_id = v_id returning *),
            gone as (select module_name, mgmt_override_json(is_enabled, config_overrides, feature_flag_overrides) as before from gone_org
                union all select module_name, mgmt_override_json(is_enabled, config_overrides, feature_flag_overrides) from gone_ws),
            gone_members as (delete from mgmt_cfg_members where scope_kind = v_kind and scope_id = v_id returning *),
            gone_tokens as (delete from mgmt_cfg_tokens where scope_kind = v_kind and scope_id = v_id returning *)
        select (select array_agg(module_name::text order by module_name) from gone), coalesce(json_object_agg(what, items), '{}')
        into v_modules, v_items
        from (
            select 'overrides' as what, json_agg(mgmt_change_json('module', module_name, before, null) order by module_name) as items from gone
            union all select 'members', json_agg(mgmt_change_json('subject', subject, to_json(role), null) order by subject) from gone_members
            union all select 'tokens', json_agg(mgmt_change_json('id', token_id, token::json, null) order by token_id) from gone_tokens) g
        where items is not null;
        perform set_config('modules.in_commit', 'off', true);
    end if;
    perform mgmt_record_change(v_kind, v_id, v_change, v_body, v_items, v_modules);
    return null;
end $$;

create trigger mgmt_cfg_orgs_record after insert or update on mgmt_cfg_orgs
    for each row when (current_setting('modules.in_commit', true) is distinct from 'on') execute function mgmt_record_scope('org');
create trigger mgmt_cfg_workspaces_record after insert or update on mgmt_cfg_workspaces
    for each row when (current_setting('modules.in_commit', true) is distinct from 'on') execute function mgmt_record_scope('workspace');

-- Members and tokens.
create function mgmt_record_member() returns trigger
    language plpgsql security definer set search_path from current set application_name = 'modules: trusted function' as $$
declare
    v_mark jsonb;
begin
    if tg_op = 'UPDATE' and (old.scope_kind, old.scope_id, old.subject) is distinct from (new.scope_kind, new.scope_id, new.subject) then
        raise exception 'A membership moves to nobody else: remove it and add another.' using errcode = 'OM409';
    elsif tg_op = 'DELETE' then
        perform mgmt_record_change(old.scope_kind, old.scope_id, 'member-removed', '{}', json_build_object('members', json_build_array(mgmt_change_json('subject', old.subject, to_json(old.role), null))), null);
    elsif tg_op = 'INSERT' or new.role <> old.role then
        v_mark := mgmt_record_change(new.scope_kind, new.scope_id, 'member-set', '{}', json_build_object('members', json_build_array(
            mgmt_change_json('subject', new.subject, case when tg_op = 'UPDATE' then to_json(old.role) end, to_json(new.role)))), null);
        perform set_config('modules.in_commit', 'on', true);
        update mgmt_cfg_members set mark = v_mark where scope_kind = new.scope_kind and scope_id = new.scope_id and subject = new.subject;
        perform set_config('modules.in_commit', 'off', true);
    end if;
    return null;
end $$;

create trigger mgmt_cfg_members_record after insert or update or delete on mgmt_cfg_members
    for each row when (current_setting('modules.in_commit', true) is distinct from 'on') execute function mgmt_record_member();

create function mgmt_record_token() returns trigger
    language plpgsql security definer set search_path from current set application_name = 'modules: trusted function' as $$
declare
    v_mark jsonb;
begin
    if tg_op = 'UPDATE' and (old.scope_kind, old.scope_id, old.token_id) is distinct from (new.scope_kind, new.scope_id, new.token_id) then
        raise exception 'A token keeps its id and scope: revoke it and make another.' using errcode = 'OM409';
    elsif tg_op = 'DELETE' then
        perform mgmt_record_change(old.scope_kind, old.scope_id, 'token-revoked', '{}', json_build_object('tokens', json_build_array(mgmt_change_json('id', old.token_id, old.token::json, null))), null);
    elsif tg_op = 'INSERT' or new.token <> old.token then
        v_mark := mgmt_record_change(new.scope_kind, new.scope_id, case tg_op when 'INSERT' then 'token-created' else 'token-rotated' end, '{}', json_build_object('tokens', json_build_array(
            mgmt_change_json('id', new.token_id, case when tg_op = 'UPDATE' then old.token::json end, new.token::json))), null);
        perform set_config('modules.in_commit', 'on', true);
        update mgmt_cfg_tokens set mark = v_mark where scope_kind = new.scope_kind and scope_id = new.scope_id and token_id = new.token_id;
        perform set_config('modules.in_commit', 'off', true);
    end if;
    return null;
end $$;

create trigger mgmt_cfg_tokens_record after insert or update or delete on mgmt_cfg_tokens
    for each row when (current_setting('modules.in_commit', true) is distinct from 'on') execute function mgmt_record_token();

create function mgmt_touch() returns trigger
    language plpgsql set search_path from current as $$
begin
    new.updated_at := now();
    return new;
end $$;

create trigger mgmt_cfg_sys_lambda_touch before update on mgmt_cfg_sys_lambda for each row execute function mgmt_touch();

-- What is wrong with a warming schedule; null where nothing is. The service checks the same before it changes one.
create function mgmt_schedule_fault(p_schedule jsonb) returns text
    language plpgsql stable set search_path from current as $$
declare
    v_preset record;
    v_window jsonb;
begin
    if jsonb_typeof(p_schedule) is distinct from 'object' then
        return 'the warming schedule must be an object';
    elsif p_schedule - '{isEnabled,preset,presets,timeZone}'::text[] <> '{}' then
        return 'the warming schedule has fields isEnabled, preset, presets and timeZone only';
    elsif jsonb_typeof(coalesce(p_schedule -> 'isEnabled', 'false')) <> 'boolean' then
        return 'isEnabled must be true or false';
    elsif not exists (select from pg_timezone_names where name = coalesce(p_schedule ->> 'timeZone', 'UTC')) then
        return 'timeZone must be a time zone of IANA such as Europe/Berlin';
    elsif jsonb_typeof(coalesce(p_schedule -> 'presets', '{}')) <> 'object' then
        return 'presets must be an object';
    elsif not coalesce(p_schedule ->> 'preset', 'office-hours') = any ('{always,extended-hours,office-hours}')
        and not coalesce(p_schedule -> 'presets', '{}') ? coalesce(p_schedule ->> 'preset', 'office-hours') then
        return format('there is no preset ''%s''', p_schedule ->> 'preset');
    end if;
    for v_preset in select key, value from jsonb_each(coalesce(p_schedule -> 'presets', '{}')) loop
        if length(v_preset.key) > 100 or v_preset.key !~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' then
            return format('''%s'' is no name of a preset', v_preset.key);
        elsif jsonb_typeof(v_preset.value) <> 'object' then
            return format('preset ''%s'' must be an object', v_preset.key);
        elsif v_preset.value - '{description,intervalMinutes,windows}'::text[] <> '{}' then
            return format('preset ''%s'' has fields description, intervalMinutes and windows only', v_preset.key);
        elsif not (case jsonb_typeof(v_preset.value -> 'intervalMinutes')
            when 'number' then (v_preset.value ->> 'intervalMinutes')::numeric in (select generate_series(1, 1440)) else false end) then
            return format('intervalMinutes of preset ''%s'' must be a whole number from 1 to 1440', v_preset.key);
        elsif jsonb_typeof(v_preset.value -> 'windows') is distinct from 'array' then
            return format('windows of preset ''%s'' must be an array', v_preset.key);
        end if;
        for v_window in select value from jsonb_array_elements(v_preset.value -> 'windows') loop
            if not mgmt_is_warming_window(v_window) then
                return format('a window of preset ''%s'' must have days of mon to sun, each once, and from before to, as in 07:00 and 24:00', v_preset.key);
            end if;
        end loop;
    end loop;
    return null;
end $$;

create function mgmt_is_warming_window(p_window jsonb) returns boolean
    language plpgsql stable set search_path from current as $$
begin
    if jsonb_typeof(p_window) <> 'object' or jsonb_typeof(p_window -> 'days') is distinct from 'array' then
        return false;
    end if;
    return p_window - '{days,from,to}'::text[] = '{}'
        and (select count(*) > 0 and count(*) = count(distinct d) and bool_and(d = any ('{mon,tue,wed,thu,fri,sat,sun}')) from jsonb_array_elements_text(p_window -> 'days') d)
        and coalesce(p_window ->> 'from' ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$', false)
        and coalesce(p_window ->> 'to' ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$', false)
        and (p_window ->> 'from') collate "C" < p_window ->> 'to';
end $$;

-- The row 'warming_schedule' and the setting warmingSchedule are one document; isEnabled of the setting is is_active of the row. A change of
-- the row becomes a change of the system scope, with its record; a change of the setting, by whomever, becomes one of the row.
create function mgmt_schedule_to_settings() returns trigger
    language plpgsql security definer set search_path from current set application_name = 'modules: trusted function' as $$
declare
    v_schedule jsonb;
begin
    select case jsonb_typeof(config_value) when 'object' then config_value || jsonb_build_object('isEnabled', is_active) else config_value end into v_schedule
    from mgmt_cfg_sys_lambda where config_key = 'warming_schedule';
    update mgmt_cfg_sys_scope
    set settings = case when v_schedule is null then settings - 'warmingSchedule' else settings || jsonb_build_object('warmingSchedule', v_schedule) end
    where settings -> 'warmingSchedule' is distinct from v_schedule;
    return null;
end $$;

create trigger mgmt_cfg_sys_lambda_schedule after insert or update or delete on mgmt_cfg_sys_lambda
    for each statement when (current_setting('modules.in_commit', true) is distinct from 'on') execute function mgmt_schedule_to_settings();

create function mgmt_settings_to_schedule() returns trigger
    language plpgsql security definer set search_path from current set application_name = 'modules: trusted function' as $$
declare
    v_schedule jsonb := new.settings -> 'warmingSchedule';
    v_in_commit text := coalesce(current_setting('modules.in_commit', true), '');
    v_fault text := case when v_in_commit <> 'on' and v_schedule is not null then mgmt_schedule_fault(v_schedule) end;
begin
    if v_fault is not null then
        perform mgmt_refuse('OM422', 'invalid-value', v_fault || '.', null, 'system');
    end if;
    perform set_config('modules.in_commit', 'on', true);
    if v_schedule is null then
        delete from mgmt_cfg_sys_lambda where config_key = 'warming_schedule';
    else
        insert into mgmt_cfg_sys_lambda as l (config_key, config_value, is_active)
        values ('warming_schedule', v_schedule - 'isEnabled', coalesce((v_schedule ->> 'isEnabled')::boolean, false))
        on conflict (config_key) do update set config_value = excluded.config_value, is_active = excluded.is_active
            where (l.config_value, l.is_active) is distinct from (excluded.config_value, excluded.is_active);
    end if;
    perform set_config('modules.in_commit', v_in_commit, true);
    return null;
end $$;

create trigger mgmt_cfg_sys_scope_schedule after update of settings on mgmt_cfg_sys_scope
    for each row when (new.settings -> 'warmingSchedule' is distinct from old.settings -> 'warmingSchedule') execute function mgmt_settings_to_schedule();

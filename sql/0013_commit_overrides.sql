-- The way in which the service writes most changes: those that only set and clear overrides. mgmt_commit_changes writes all others, and
-- decides the same for these: this one does less, because it is given columns instead of JSON to take apart.

select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- Commits a batch of changes of organizations and workspaces. The columns of a change: p_records is its record, beginning with
-- {"position":0, and p_modules the names of its modules, separated by commas; each has an operation id; p_identities says who asked for it,
-- see mgmt_may_make (null for one or for all: the service itself). The columns of an override: p_of is its change, counted from 1; without
-- p_configs it is taken away. Outcomes and failures are those of mgmt_commit_changes. Of two changes of one scope, the second is a conflict.
create function mgmt_commit_overrides(p_kinds text[], p_ids text[], p_revisions bigint[], p_ats timestamptz[], p_operation_ids text[], p_changes text[],
        p_actors text[], p_reasons text[], p_fingerprints text[], p_modules text[], p_records text[], p_identities jsonb[],
        p_of int[], p_names text[], p_enabled boolean[], p_configs jsonb[], p_flags jsonb[], p_provenance jsonb[]) returns setof mgmt_outcome
    language plpgsql set search_path from current set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
declare
    v_role text := current_setting('modules.role', true);
    v_making int[];
    v_moved int[];
    v_some int[];
    v_refused int[] := '{}';
begin
    perform set_config('modules.in_commit', 'on', true), set_config('modules.role', 'service', true);
    v_making := array(
        select i from unnest(p_operation_ids) with ordinality x (id, i)
        where id <> all (array(select l.operation_id from mgmt_log_changes l where l.operation_id = any (p_operation_ids)))
        order by p_ids[i] collate "C");
    if p_identities is not null then
        v_refused := array(select i from unnest(v_making) i where p_identities[i] is not null and not mgmt_may_make(p_identities[i], p_kinds[i], p_ids[i], '{}'));
        v_making := array(select i from unnest(v_making) i where i <> all (v_refused));
    end if;

    -- Scopes move to their next revisions: those that are at the one before. That locks them, organizations first and in the order of ids, so
    -- that two batches do not wait for each other. A member of the scope who came or went since the question above has moved it, too.
    if 'org' = any (p_kinds) then
        with moved as (
            update mgmt_cfg_orgs s set revision = p_revisions[i], updated_at = p_ats[i]
            from unnest(v_making) i where p_kinds[i] = 'org' and s.org_id = p_ids[i] and s.revision = p_revisions[i] - 1
            returning i)
        select array_agg(i) into v_moved from moved;
    end if;
    if 'workspace' = any (p_kinds) then
        with moved as (
            update mgmt_cfg_workspaces s set revision = p_revisions[i], updated_at = p_ats[i]
            from unnest(v_making) i where p_kinds[i] = 'workspace' and s.ws_id = p_ids[i] and s.revision = p_revisions[i] - 1
            returning i)
        select array_agg(i) into v_some from moved;
    end if;
    v_making := coalesce(v_moved || v_some, '{}');

    if 'org' = any (p_kinds) then
        insert into mgmt_cfg_org_modules (org_id, module_name, is_enabled, config_overrides, feature_flag_overrides, provenance, created_at, updated_at)
        select p_ids[i], p_names[o], p_enabled[o], p_configs[o], p_flags[o], p_provenance[o], p_ats[i], p_ats[i]
        from unnest(p_of) with ordinality x (i, o) where p_kinds[i] = 'org' and i = any (v_making) and p_configs[o] is not null
        on conflict (org_id, module_name) do update set is_enabled = excluded.is_enabled, config_overrides = excluded.config_overrides,
            feature_flag_overrides = excluded.feature_flag_overrides, provenance = excluded.provenance, updated_at = excluded.updated_at;
    end if;
    if 'workspace' = any (p_kinds) then
        insert into mgmt_cfg_ws_modules (ws_id, module_name, is_enabled, config_overrides, feature_flag_overrides, provenance, created_at, updated_at)
        select p_ids[i], p_names[o], p_enabled[o], p_configs[o], p_flags[o], p_provenance[o], p_ats[i], p_ats[i]
        from unnest(p_of) with ordinality x (i, o) where p_kinds[i] = 'workspace' and i = any (v_making) and p_configs[o] is not null
        on conflict (ws_id, module_name) do update set is_enabled = excluded.is_enabled, config_overrides = excluded.config_overrides,
            feature_flag_overrides = excluded.feature_flag_overrides, provenance = excluded.provenance, updated_at = excluded.updated_at;
    end if;
    if array_position(p_configs, null) is not null then
        delete from mgmt_cfg_org_modules m using unnest(p_of) with ordinality x (i, o)
        where p_kinds[i] = 'org' and i = any (v_making) and p_configs[o] is null and m.org_id = p_ids[i] and m.module_name = p_names[o];
        delete from mgmt_cfg_ws_modules m using unnest(p_of) with ordinality x (i, o)
        where p_kinds[i] = 'workspace' and i = any (v_making) and p_configs[o] is null and m.ws_id = p_ids[i] and m.module_name = p_names[o];
    end if;

    if cardinality(v_making) < cardinality(p_ids) then
        return query
            select i::int - 1, case when l.record is not null then 'repeated' when i = any (v_refused) then 'refused' else 'conflict' end, null::bigint,
                case when l.record is null and i <> all (v_refused) then mgmt_revision_of(p_kinds[i], p_ids[i]) end, l.record
            from unnest(p_operation_ids) with ordinality x (id, i) left join mgmt_log_changes l on l.operation_id = id
            where i <> all (v_making);
    end if;
    if cardinality(v_making) > 0 then
        return query
            with feed as (
                update mgmt_cfg_feed set head = head + cardinality(v_making)
                returning head - cardinality(v_making) as start, pg_notify('modules_feed', head::text))
            insert into mgmt_log_changes as l (position, scope_kind, scope_id, revision, operation_id, fingerprint, kind, at, actor, reason, modules, record)
            select f.start + n, p_kinds[i], p_ids[i], p_revisions[i], p_operation_ids[i], p_fingerprints[i], p_changes[i], p_ats[i], p_actors[i], p_reasons[i],
                string_to_array(p_modules[i], ','), ('{"position":' || f.start + n || substr(p_records[i], 14))::json
            from feed f, unnest(v_making) with ordinality x (i, n)
            returning v_making[(l.position - (select start from feed))::int] - 1, 'committed', l.position, l.revision, null::json;
    end if;
    perform set_config('modules.role', coalesce(v_role, ''), true), set_config('modules.in_commit', 'off', true);
end $$;

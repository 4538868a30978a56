-- The same commits with less work: 0004_commit.sql says what they do.

select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- What mgmt_commit_changes sets for itself holds for what it calls, too: setting it again in each of them was a tenth of a commit.
alter function mgmt_apply_changes(mgmt_change[]) reset all;
alter function mgmt_lock_scopes(mgmt_change[], text[], boolean) reset all;

-- Takes a batch apart, in one pass: the record is kept as it was sent, and read once to look into.
create or replace function mgmt_read_changes(p_changes json) returns mgmt_change[]
    language plpgsql stable parallel safe as $$
begin
    return (
        select coalesce(array_agg(row(e.n - 1, split_part(r ->> 'scope', '/', 1), split_part(r ->> 'scope', '/', 2),
            (r ->> 'revision')::bigint, r ->> 'operationId', (r ->> 'at')::timestamptz,
            jsonb_build_object('revision', r -> 'revision', 'at', r -> 'at', 'actor', r -> 'actor'),
            e.record, r, e.provenance, e.identity)::mgmt_change order by e.n), '{}')
        from rows from (json_to_recordset(p_changes) as (record json, provenance jsonb, identity jsonb)) with ordinality e (record, provenance, identity, n),
            lateral (select e.record::jsonb offset 0) b (r)); -- offset 0: work it out once
end $$;

-- A record as it was sent, byte for byte, with its place in the feed. Becomes part of the statement that asks.
create or replace function mgmt_with_position(p_record json, p_position bigint) returns json
    language sql stable parallel safe as $$
    select case
        when starts_with(p_record::text, '{"position":0,') then '{"position":' || p_position || substr(p_record::text, 14)
        else regexp_replace(p_record::text, '^(\s*\{\s*"position"\s*:\s*)0', '\1' || p_position)
    end::json;
$$;

-- Moves scopes of these kinds, which are locked, to their next revisions: those that are at the one before. The answer is the ordinals of
-- their changes.
drop function mgmt_advance_scopes(mgmt_change[]);
create function mgmt_advance_scopes(p_changes mgmt_change[], p_kinds text[]) returns int[]
    language plpgsql as $$
declare
    v_moved int[] := '{}';
    v_some int[];
begin
    if 'system' = any (p_kinds) then
        with moved as (
            update mgmt_cfg_sys_scope s set revision = c.revision, updated_at = c.at,
                host_version = case when c.body ? 'properties' then c.body #>> '{properties,hostVersion}' else s.host_version end,
                settings = coalesce(c.body #> '{settings,after}', s.settings)
            from unnest(p_changes) c where c.kind = 'system' and s.revision = c.revision - 1
            returning c.ordinal)
        select array_agg(m.ordinal) into v_some from moved m;
        v_moved := v_moved || v_some;
    end if;
    if 'org' = any (p_kinds) then
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
    if 'workspace' = any (p_kinds) then
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

-- Makes changes whose scopes are locked, at most one of a scope, and says what became of each: see mgmt_commit_changes.
drop function mgmt_make_changes(mgmt_change[]);
create function mgmt_make_changes(p_changes mgmt_change[], p_kinds text[]) returns setof mgmt_outcome
    language plpgsql as $$
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
    v_moved := mgmt_advance_scopes(v_making, p_kinds);
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
                case c.kind
                    when 'system' then array(select x -> 'after' ->> 'name' from jsonb_array_elements(c.body -> 'definitions') x)
                    else array(select x ->> 'module' from jsonb_array_elements(c.body -> 'overrides') x)
                end,
                mgmt_with_position(c.record, v_start + c.ordinality)
            from unnest(v_making) with ordinality c
            returning (v_making[(mgmt_log_changes.position - v_start)::int]).ordinal, 'committed', mgmt_log_changes.position, mgmt_log_changes.revision, null::json;
        perform pg_notify('modules_feed', (v_start + cardinality(v_making))::text);
    end if;
    if cardinality(v_not) > 0 then
        return query select * from unnest(v_not);
    end if;
end $$;

-- Commits a batch of changes, as 0004_commit.sql says; outcomes come in any order.
create or replace function mgmt_commit_changes(p_changes json) returns setof mgmt_outcome
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
            return query select * from mgmt_make_changes(array[v_change], v_kinds);
        end loop;
    else
        return query select * from mgmt_make_changes(v_all, v_kinds);
    end if;

    -- A scope whose creation came to nothing leaves no row.
    if v_creates then
        delete from mgmt_cfg_workspaces w using unnest(v_all) c where c.kind = 'workspace' and c.revision = 1 and c.body ? 'properties' and w.ws_id = c.id and w.revision = 0;
        delete from mgmt_cfg_orgs o using unnest(v_all) c where c.kind = 'org' and c.revision = 1 and c.body ? 'properties' and o.org_id = c.id and o.revision = 0;
    end if;
    perform set_config('modules.role', coalesce(v_role, ''), true), set_config('modules.in_commit', 'off', true);
end $$;

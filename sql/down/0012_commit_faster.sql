-- Takes 0012_commit_faster.sql back: the functions of 0004_commit.sql as they were.

select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

create or replace function mgmt_read_changes(p_changes json) returns mgmt_change[]
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

create or replace function mgmt_with_position(p_record json, p_position bigint) returns json
    language plpgsql immutable parallel safe strict as $$
begin
    if starts_with(p_record::text, '{"position":0,') then
        return '{"position":' || p_position || substr(p_record::text, 14);
    end if;
    return regexp_replace(p_record::text, '^(\s*\{\s*"position"\s*:\s*)0', '\1' || p_position);
end $$;

do $$
declare
    v_function text;
begin
    foreach v_function in array '{"mgmt_apply_changes(mgmt_change[])","mgmt_advance_scopes(mgmt_change[])","mgmt_make_changes(mgmt_change[])","mgmt_lock_scopes(mgmt_change[], text[], boolean)"}'::text[] loop
        execute format('alter function %s set search_path from current', v_function);
        execute format('alter function %s set plan_cache_mode = force_generic_plan', v_function);
        execute format('alter function %s set enable_seqscan = off', v_function);
        execute format('alter function %s set jit = off', v_function);
    end loop;
end $$;

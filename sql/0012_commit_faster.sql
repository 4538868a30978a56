-- The same commits with less work: 0004_commit.sql says what they do.

select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- What mgmt_commit_changes sets for itself holds for what it calls, too: setting it again in each of them was a tenth of a commit.
alter function mgmt_apply_changes(mgmt_change[]) reset all;
alter function mgmt_advance_scopes(mgmt_change[]) reset all;
alter function mgmt_lock_scopes(mgmt_change[], text[], boolean) reset all;
alter function mgmt_make_changes(mgmt_change[]) reset all;

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

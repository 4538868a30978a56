-- Versions (SemVer 2) and ranges in the npm notation, for what dependencies and the host ask of modules.

select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

create function mgmt_version_is_valid(p_version text) returns boolean
    language sql immutable parallel safe set search_path from current as $$
    select p_version ~ ('^(0|[1-9][0-9]{0,9})\.(0|[1-9][0-9]{0,9})\.(0|[1-9][0-9]{0,9})'
            '(-(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)(\.(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*))*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$')
        and (select bool_and(n::bigint <= 2147483647) from unnest(string_to_array(split_part(split_part(p_version, '+', 1), '-', 1), '.')) n);
$$;

-- A text whose order, byte by byte, is the precedence of versions (SemVer 2 section 11); build metadata does not count.
-- Numbers are filled up with zeros. A release sorts after its pre-releases ('~' after '-'), a numeric label before text ('0' before
-- '1', the longer number after the shorter), and fewer labels before more (the blank between labels sorts before all that can follow).
create function mgmt_version_key(p_version text) returns text
    language plpgsql immutable parallel safe strict set search_path from current as $$
declare
    v_text text := split_part(p_version, '+', 1);
    v_core text[] := string_to_array(split_part(v_text, '-', 1), '.');
    v_key text := lpad(v_core[1], 10, '0') || lpad(v_core[2], 10, '0') || lpad(v_core[3], 10, '0');
    v_dash int := position('-' in v_text);
    v_label text;
begin
    if v_dash = 0 then
        return v_key || '~';
    end if;
    v_key := v_key || '-';
    foreach v_label in array string_to_array(substr(v_text, v_dash + 1), '.') loop
        v_key := v_key || case when v_label ~ '^[0-9]+$' then '0' || lpad(length(v_label)::text, 4, '0') || v_label else '1' || v_label end || ' ';
    end loop;
    return v_key;
end $$;

-- One comparator of a range, turned into bounds {relation, version}, written one after another; null where the text is none.
create function mgmt_range_bounds(p_operator text, p_partial text) returns text[]
    language plpgsql immutable parallel safe set search_path from current as $$
declare
    v_parts text[] := regexp_match(p_partial, '^v?(0|[1-9][0-9]*|[xX*])(?:\.(0|[1-9][0-9]*|[xX*])(?:\.(0|[1-9][0-9]*|[xX*])(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?)?)?$');
    v_number numeric[];
    v_major bigint;
    v_minor bigint;
    v_patch bigint;
    v_low text;
    v_next text;   -- the first version that the given parts exclude: 2.0.0-0 for 1, 1.3.0-0 for 1.2
    v_caret text;
begin
    if v_parts is null then
        return null;
    end if;
    v_number := array(select case when p in ('x', 'X', '*') then null else p::numeric end from unnest(v_parts[1:3]) with ordinality u (p, n) order by n);
    if 2147483647 <= any (v_number) then
        return null;
    end if;
    v_major := v_number[1];
    v_minor := case when v_major is not null then v_number[2] end;
    v_patch := case when v_minor is not null then v_number[3] end;
    if v_patch is not null and v_parts[4] ~ '(^|\.)(0[0-9]+)?(\.|$)' then
        return null;
    end if;

    v_low := coalesce(v_major, 0) || '.' || coalesce(v_minor, 0) || '.' || coalesce(v_patch, 0) || case when v_patch is not null then coalesce('-' || v_parts[4], '') else '' end;
    v_next := case when v_minor is null then v_major + 1 || '.0.0-0' else v_major || '.' || v_minor + 1 || '.0-0' end;
    v_caret := case
        when v_major > 0 or v_minor is null then v_major + 1 || '.0.0-0'
        when v_minor > 0 or v_patch is null then '0.' || v_minor + 1 || '.0-0'
        else '0.0.' || v_patch + 1 || '-0' end;

    return case
        when p_operator in ('^', '~', '~>', '', '=', '>=') and v_major is null then '{}'
        when p_operator = '^' then array['>=', v_low, '<', v_caret]
        when p_operator in ('~', '~>') then array['>=', v_low, '<', v_next]
        when p_operator in ('', '=') and v_patch is not null then array['=', v_low]
        when p_operator in ('', '=') then array['>=', v_low, '<', v_next]
        when p_operator = '>=' then array['>=', v_low]
        when p_operator = '>' and v_patch is not null then array['>', v_low]
        when p_operator = '>' and v_major is null then array['<', '0.0.0-0']
        when p_operator = '>' then array['>=', replace(v_next, '-0', '')]
        when p_operator = '<' and v_patch is null then array['<', coalesce(v_major, 0) || '.' || coalesce(v_minor, 0) || '.0-0']
        when p_operator = '<' then array['<', v_low]
        when v_patch is not null then array['<=', v_low]
        when v_major is null then '{}'
        else array['<', v_next] end;
end $$;

-- The alternatives of a range (parted by ||), one row each: the bounds that a version must keep. A row with null is no alternative.
create function mgmt_range_alternatives(p_range text) returns table (bounds text[])
    language plpgsql immutable parallel safe strict set search_path from current as $$
declare
    v_text text;
    v_hyphen text[];
    v_term text[];
begin
    foreach v_text in array string_to_array(p_range, '||') loop
        v_text := regexp_replace(v_text, '^\s+|\s+$', '', 'g');
        v_hyphen := regexp_match(v_text, '^(\S+)\s+-\s+(\S+)$');
        if v_hyphen is not null then
            bounds := mgmt_range_bounds('>=', v_hyphen[1]);
            bounds := case when bounds is not null then bounds || mgmt_range_bounds('<=', v_hyphen[2]) end;
            bounds := case when mgmt_range_bounds('<=', v_hyphen[2]) is not null then bounds end;
            return next;
            continue;
        end if;
        bounds := '{}';
        while v_text <> '' and bounds is not null loop
            v_term := regexp_match(v_text, '^((?:\^|~>|~|>=|<=|>|<|=)?)\s*([0-9A-Za-z*][0-9A-Za-z.*+-]*)(?:\s+|$)(.*)$');
            bounds := case when v_term is not null and mgmt_range_bounds(v_term[1], v_term[2]) is not null then bounds || mgmt_range_bounds(v_term[1], v_term[2]) end;
            v_text := v_term[3];
        end loop;
        return next;
    end loop;
end $$;

create function mgmt_range_is_valid(p_range text) returns boolean
    language sql immutable parallel safe set search_path from current as $$
    select p_range = '' or length(p_range) <= 256 and not exists (select from mgmt_range_alternatives(p_range) a where a.bounds is null);
$$;

-- Whether a version lies in a range. As in npm, a pre-release does so only where a bound of the same alternative names a pre-release
-- of the same major.minor.patch; the range * (or none) takes every version, pre-releases too.
create function mgmt_range_contains(p_range text, p_version text) returns boolean
    language plpgsql immutable parallel safe strict set search_path from current as $$
declare
    v_key text collate "C";
    v_bound text collate "C";
    v_core text := split_part(split_part(p_version, '+', 1), '-', 1);
    v_prerelease boolean := split_part(p_version, '+', 1) like '%-%';
    v_bounds text[];
    v_holds boolean;
    v_named boolean;
begin
    if p_range ~ '^\s*\*?\s*$' then
        return true;
    end if;
    v_key := mgmt_version_key(p_version);
    for v_bounds in select a.bounds from mgmt_range_alternatives(p_range) a where a.bounds is not null loop
        v_holds := true;
        v_named := false;
        for i in 1 .. coalesce(cardinality(v_bounds), 0) / 2 loop
            v_bound := mgmt_version_key(v_bounds[2 * i]);
            v_holds := v_holds and case v_bounds[2 * i - 1]
                when '=' then v_key = v_bound
                when '<' then v_key < v_bound
                when '<=' then v_key <= v_bound
                when '>' then v_key > v_bound
                else v_key >= v_bound end;
            v_named := v_named or (v_bounds[2 * i] like '%-%' and split_part(v_bounds[2 * i], '-', 1) = v_core);
        end loop;
        if v_holds and (v_named or not v_prerelease) then
            return true;
        end if;
    end loop;
    return false;
end $$;

alter table mgmt_cfg_sys_modules
    add constraint mgmt_cfg_sys_modules_version_form check (mgmt_version_is_valid(version)),
    add constraint mgmt_cfg_sys_modules_min_version_form check (mgmt_version_is_valid(min_compatible_version));
alter table mgmt_cfg_sys_scope
    add constraint mgmt_cfg_sys_scope_host_version_form check (mgmt_version_is_valid(host_version));

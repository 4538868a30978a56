-- Row-level security: a second wall behind the service's own checks.
--
-- Who acts is said by three settings, which the service sets for each transaction:
--   modules.subject  who it is
--   modules.role     'service' for the service's own work; a role of the system that the subject was given elsewhere
--                    (sys_owner, sys_admin, operator, shell); or empty
--   modules.grants   roles that the subject was given elsewhere, as a token, as JSON: {"org/acme": "org_admin", "workspace/w": "ws_user"}
-- Changes that the service commits carry the same for each change, see mgmt_may_make.
-- Roles of the subject in mgmt_cfg_members count in any case. The settings are believed only of a login that owns the tables or is a
-- member of their owner: for such a login without any of them set, nothing is hidden. Every other login is itself the subject, whatever
-- it sets, and may do what the roles allow that mgmt_cfg_members gives to the name of the login, and its grants on the tables.
--
-- Policies bind the owner too (force), so that the service can connect as the owner. They never bind a superuser.
--
-- Every statement asks some of these functions: they are written in plpgsql, which keeps their plans over statements.

select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

create function mgmt_is_trusted_login() returns boolean
    language plpgsql stable set search_path from current as $$
begin
    return (select pg_has_role(session_user, c.relowner, 'member') from pg_class c where c.oid = 'mgmt_cfg_orgs'::regclass);
end $$;

-- Functions that run with the rights of the owner (security definer) and must see and write what the caller may not, carry a mark: the
-- setting application_name, which PostgreSQL lets a function set for its own duration whoever its owner is. The mark is worth nothing to
-- a login that is not the owner.
create function mgmt_is_trusted_function() returns boolean
    language plpgsql stable set search_path from current as $$
begin
    if current_setting('application_name') <> 'modules: trusted function' then
        return false;
    end if;
    return (select c.relowner = current_user::regrole from pg_class c where c.oid = 'mgmt_cfg_orgs'::regclass);
end $$;

create function mgmt_subject() returns text
    language plpgsql stable set search_path from current as $$
begin
    return case when mgmt_is_trusted_login() then coalesce(current_setting('modules.subject', true), '') else session_user::text end;
end $$;

-- The role that is stated for the whole system; empty where there is none.
create function mgmt_stated_role() returns text
    language plpgsql stable set search_path from current as $$
begin
    return case
        when mgmt_is_trusted_function() then 'service'
        when not mgmt_is_trusted_login() then ''
        when coalesce(current_setting('modules.role', true), '') = '' and coalesce(current_setting('modules.subject', true), '') = '' then 'service'
        else coalesce(current_setting('modules.role', true), '') end;
end $$;

create function mgmt_stated_grants() returns jsonb
    language plpgsql stable set search_path from current as $$
begin
    return case when mgmt_is_trusted_login() then coalesce(nullif(current_setting('modules.grants', true), ''), '{}')::jsonb else '{}' end;
end $$;

-- Two functions read as the service (trusted functions), so that the policies of the tables they read ask nothing back: that is what keeps policies from
-- recursion. Anybody may call them, so they tell a login that is not trusted about nobody but itself.
create function mgmt_subject_to_tell(p_subject text) returns text
    language plpgsql stable set search_path from current as $$
begin
    return (select case when pg_has_role(session_user, c.relowner, 'member') then p_subject else session_user::text end from pg_class c where c.oid = 'mgmt_cfg_orgs'::regclass);
end $$;

-- The roles of a subject in a scope and in those above it.
create function mgmt_roles_of(p_subject text, p_role text, p_grants jsonb, p_scope_kind text, p_scope_id text) returns text[]
    language plpgsql stable security definer set search_path from current set application_name = 'modules: trusted function' as $$
declare
    v_org text := case p_scope_kind when 'org' then p_scope_id when 'workspace' then (select org_id from mgmt_cfg_workspaces where ws_id = p_scope_id) end;
    v_workspace text := case p_scope_kind when 'workspace' then p_scope_id end;
begin
    return array_remove(array[p_role, p_grants ->> 'system', p_grants ->> ('org/' || v_org), p_grants ->> ('workspace/' || v_workspace)], null)
        || array(
            select role from mgmt_cfg_members
            where subject = mgmt_subject_to_tell(p_subject) and ((scope_kind = 'system')
                or (scope_kind = 'org' and scope_id = v_org) or (scope_kind = 'workspace' and scope_id = v_workspace)));
end $$;

create function mgmt_roles_in(p_scope_kind text, p_scope_id text) returns text[]
    language plpgsql stable set search_path from current as $$
begin
    return mgmt_roles_of(mgmt_subject(), mgmt_stated_role(), mgmt_stated_grants(), p_scope_kind, p_scope_id);
end $$;

create function mgmt_may_do_all() returns boolean
    language plpgsql stable set search_path from current as $$
begin
    return mgmt_stated_role() in ('service', 'sys_owner', 'sys_admin') or mgmt_roles_in('system', '') && '{sys_owner,sys_admin}';
end $$;

create function mgmt_is_service() returns boolean
    language plpgsql stable set search_path from current as $$
begin
    return mgmt_stated_role() = 'service';
end $$;

-- Whether anybody in particular acts.
create function mgmt_is_somebody() returns boolean
    language plpgsql stable set search_path from current as $$
begin
    return mgmt_stated_role() in ('service', 'sys_owner', 'sys_admin', 'operator', 'shell') or mgmt_subject() <> '';
end $$;

create function mgmt_may_change(p_scope_kind text, p_scope_id text) returns boolean
    language plpgsql stable set search_path from current as $$
begin
    return mgmt_roles_in(p_scope_kind, p_scope_id) && '{service,sys_owner,sys_admin,org_owner,org_admin,ws_owner,ws_admin}';
end $$;

-- Owners are appointed by owners, here or above.
create function mgmt_may_appoint(p_scope_kind text, p_scope_id text, p_role text) returns boolean
    language plpgsql stable set search_path from current as $$
begin
    return mgmt_may_change(p_scope_kind, p_scope_id) and (p_role not like '%\_owner' or mgmt_roles_in(p_scope_kind, p_scope_id) && case p_scope_kind
        when 'system' then '{service,sys_owner}'::text[]
        when 'org' then '{service,sys_owner,sys_admin,org_owner}'
        else '{service,sys_owner,sys_admin,org_owner,org_admin,ws_owner}' end);
end $$;

-- The organizations or workspaces that a subject may read, or change: policies ask this once for a statement, and for roles of the system
-- before. Members read their scope, and the organization of their workspace, which its cascade needs; shells and administrators of an
-- organization read its workspaces, its other members do not.
create function mgmt_ids_of(p_subject text, p_grants jsonb, p_scope_kind text, p_to_change boolean) returns setof text
    language sql stable security definer set search_path from current set application_name = 'modules: trusted function' as $$
    with held as (
        select scope_kind, scope_id, role from mgmt_cfg_members where subject = mgmt_subject_to_tell(p_subject) and scope_kind <> 'system'
        union all
        select split_part(key, '/', 1), split_part(key, '/', 2), value from jsonb_each_text(p_grants) where key like '%/%'
    )
    select scope_id from held
    where scope_kind = p_scope_kind and (not p_to_change or role in ('org_owner', 'org_admin', 'ws_owner', 'ws_admin'))
    union all
    select w.ws_id from held h join mgmt_cfg_workspaces w on w.org_id = h.scope_id
    where p_scope_kind = 'workspace' and h.scope_kind = 'org' and (h.role in ('org_owner', 'org_admin') or (h.role = 'shell' and not p_to_change))
    union all
    select w.org_id from held h join mgmt_cfg_workspaces w on w.ws_id = h.scope_id
    where p_scope_kind = 'org' and h.scope_kind = 'workspace' and not p_to_change and not w.is_deleted;
$$;

create function mgmt_readable_ids(p_scope_kind text) returns setof text
    language sql stable set search_path from current as $$
    select mgmt_ids_of(mgmt_subject(), mgmt_stated_grants(), p_scope_kind, false);
$$;

create function mgmt_changeable_ids(p_scope_kind text) returns setof text
    language sql stable set search_path from current as $$
    select mgmt_ids_of(mgmt_subject(), mgmt_stated_grants(), p_scope_kind, true);
$$;

create function mgmt_may_read_all() returns boolean
    language plpgsql stable set search_path from current as $$
begin
    return mgmt_stated_role() in ('service', 'sys_owner', 'sys_admin', 'operator', 'shell') or mgmt_roles_in('system', '') && '{sys_owner,sys_admin,operator,shell}';
end $$;

-- Whether somebody may make a change: mgmt_commit_changes asks this for each change that carries an identity, while its scope is locked
-- and before anything is written. The service writes for many at once, so it decides here and not by policies; superusers are bound too.
-- Who counts as what is asked where policies ask it. p_identity is {"subject", "grants"}, p_body the change record.
create function mgmt_may_make(p_identity jsonb, p_kind text, p_id text, p_body jsonb) returns boolean
    language plpgsql stable set search_path from current as $$
declare
    v_order constant text[] := '{sys_owner,sys_admin,org_owner,org_admin,ws_owner,ws_admin}';
    v_roles text[] := mgmt_roles_of(p_identity ->> 'subject', '', coalesce(p_identity -> 'grants', '{}'), p_kind, p_id);
    v_absent boolean := case p_kind
        when 'org' then (select o.is_deleted from mgmt_cfg_orgs o where o.org_id = p_id)
        when 'workspace' then (select w.is_deleted from mgmt_cfg_workspaces w where w.ws_id = p_id)
        else false end;
    v_deletes boolean := coalesce(p_body #> '{properties,isDeleted}' = 'true', false);
    v_may text[] := case
        when p_kind = 'system' or (p_kind = 'org' and v_absent) then v_order[:2]
        when p_kind = 'org' and v_deletes then v_order[:3]
        when p_kind = 'org' or v_absent then v_order[:4]
        when v_deletes then v_order[:5]
        else v_order end;
    v_rank int := (select min(array_position(v_order, r)) from unnest(v_roles) r);
begin
    -- A role above one's own can be neither given nor taken, in members and in tokens.
    return v_roles && v_may and not exists (
        select from (
            select i.value ->> 'before', i.value ->> 'after' from jsonb_array_elements(p_body -> 'members') i
            union all select i.value #>> '{before,role}', i.value #>> '{after,role}' from jsonb_array_elements(p_body -> 'tokens') i) x (before, after)
        where array_position(v_order, x.before) < v_rank or array_position(v_order, x.after) < v_rank);
end $$;

-- "(select f())" is worked out once for a statement, not once for each row, and stands first: the service, which loads all rows, pays for
-- nothing else.
do $$
declare
    v_table text;
begin
    foreach v_table in array '{mgmt_cfg_epoch,mgmt_cfg_feed,mgmt_cfg_sys_scope,mgmt_cfg_orgs,mgmt_cfg_workspaces,mgmt_cfg_members,mgmt_cfg_tokens,mgmt_cfg_sys_modules,mgmt_cfg_org_modules,mgmt_cfg_ws_modules,mgmt_cfg_sys_lambda,mgmt_log_changes,mgmt_log_audit,mgmt_usage_modules,mgmt_usage_modules_daily}'::text[] loop
        execute format('alter table %I enable row level security', v_table);
        execute format('alter table %I force row level security', v_table);
        execute format('create policy %I on %I using ((select mgmt_is_service())) with check ((select mgmt_is_service()))', v_table || '_service', v_table);
    end loop;
end $$;

create policy mgmt_cfg_epoch_read on mgmt_cfg_epoch for select using ((select mgmt_is_somebody()));
create policy mgmt_cfg_feed_read on mgmt_cfg_feed for select using ((select mgmt_is_somebody()));

create policy mgmt_cfg_sys_scope_read on mgmt_cfg_sys_scope for select using ((select mgmt_is_somebody()));
create policy mgmt_cfg_sys_scope_change on mgmt_cfg_sys_scope for update using ((select mgmt_may_do_all()));

create policy mgmt_cfg_orgs_read on mgmt_cfg_orgs for select using ((select mgmt_may_read_all()) or org_id in (select mgmt_readable_ids('org')));
create policy mgmt_cfg_orgs_create on mgmt_cfg_orgs for insert with check ((select mgmt_may_do_all()));
create policy mgmt_cfg_orgs_change on mgmt_cfg_orgs for update using ((select mgmt_may_do_all()) or org_id in (select mgmt_changeable_ids('org')));

create policy mgmt_cfg_workspaces_read on mgmt_cfg_workspaces for select using ((select mgmt_may_read_all()) or ws_id in (select mgmt_readable_ids('workspace')));
create policy mgmt_cfg_workspaces_create on mgmt_cfg_workspaces for insert with check ((select mgmt_may_do_all()) or mgmt_may_change('org', org_id));
create policy mgmt_cfg_workspaces_change on mgmt_cfg_workspaces for update
    using ((select mgmt_may_do_all()) or ws_id in (select mgmt_changeable_ids('workspace'))) with check ((select mgmt_may_do_all()) or mgmt_may_change('workspace', ws_id));

create policy mgmt_cfg_members_read on mgmt_cfg_members for select using ((select mgmt_may_do_all()) or subject = (select mgmt_subject())
    or (scope_kind = 'org' and scope_id in (select mgmt_changeable_ids('org'))) or (scope_kind = 'workspace' and scope_id in (select mgmt_changeable_ids('workspace'))));
create policy mgmt_cfg_members_add on mgmt_cfg_members for insert with check ((select mgmt_is_service()) or mgmt_may_appoint(scope_kind, scope_id, role));
create policy mgmt_cfg_members_change on mgmt_cfg_members for update
    using ((select mgmt_is_service()) or mgmt_may_appoint(scope_kind, scope_id, role)) with check ((select mgmt_is_service()) or mgmt_may_appoint(scope_kind, scope_id, role));
create policy mgmt_cfg_members_remove on mgmt_cfg_members for delete using ((select mgmt_is_service()) or mgmt_may_appoint(scope_kind, scope_id, role));

create policy mgmt_cfg_tokens_read on mgmt_cfg_tokens for select using ((select mgmt_may_do_all())
    or (scope_kind = 'org' and scope_id in (select mgmt_changeable_ids('org'))) or (scope_kind = 'workspace' and scope_id in (select mgmt_changeable_ids('workspace'))));
create policy mgmt_cfg_tokens_add on mgmt_cfg_tokens for insert with check ((select mgmt_is_service()) or mgmt_may_appoint(scope_kind, scope_id, coalesce(token ->> 'role', '')));
create policy mgmt_cfg_tokens_change on mgmt_cfg_tokens for update
    using ((select mgmt_is_service()) or mgmt_may_appoint(scope_kind, scope_id, coalesce(token ->> 'role', ''))) with check ((select mgmt_is_service()) or mgmt_may_appoint(scope_kind, scope_id, coalesce(token ->> 'role', '')));
create policy mgmt_cfg_tokens_remove on mgmt_cfg_tokens for delete using ((select mgmt_may_do_all())
    or (scope_kind = 'org' and scope_id in (select mgmt_changeable_ids('org'))) or (scope_kind = 'workspace' and scope_id in (select mgmt_changeable_ids('workspace'))));

create policy mgmt_cfg_sys_modules_read on mgmt_cfg_sys_modules for select using ((select mgmt_is_somebody()));
create policy mgmt_cfg_sys_modules_add on mgmt_cfg_sys_modules for insert with check ((select mgmt_may_do_all()));
create policy mgmt_cfg_sys_modules_change on mgmt_cfg_sys_modules for update using ((select mgmt_may_do_all()));

create policy mgmt_cfg_org_modules_read on mgmt_cfg_org_modules for select using ((select mgmt_may_read_all()) or org_id in (select mgmt_readable_ids('org')));
create policy mgmt_cfg_org_modules_add on mgmt_cfg_org_modules for insert with check ((select mgmt_may_do_all()) or mgmt_may_change('org', org_id));
create policy mgmt_cfg_org_modules_change on mgmt_cfg_org_modules for update
    using ((select mgmt_may_do_all()) or org_id in (select mgmt_changeable_ids('org'))) with check ((select mgmt_may_do_all()) or mgmt_may_change('org', org_id));
create policy mgmt_cfg_org_modules_remove on mgmt_cfg_org_modules for delete using ((select mgmt_may_do_all()) or org_id in (select mgmt_changeable_ids('org')));

create policy mgmt_cfg_ws_modules_read on mgmt_cfg_ws_modules for select using ((select mgmt_may_read_all()) or ws_id in (select mgmt_readable_ids('workspace')));
create policy mgmt_cfg_ws_modules_add on mgmt_cfg_ws_modules for insert with check ((select mgmt_may_do_all()) or mgmt_may_change('workspace', ws_id));
create policy mgmt_cfg_ws_modules_change on mgmt_cfg_ws_modules for update
    using ((select mgmt_may_do_all()) or ws_id in (select mgmt_changeable_ids('workspace'))) with check ((select mgmt_may_do_all()) or mgmt_may_change('workspace', ws_id));
create policy mgmt_cfg_ws_modules_remove on mgmt_cfg_ws_modules for delete using ((select mgmt_may_do_all()) or ws_id in (select mgmt_changeable_ids('workspace')));

create policy mgmt_cfg_sys_lambda_read on mgmt_cfg_sys_lambda for select using ((select mgmt_may_do_all()) or (select mgmt_roles_in('system', '')) && '{operator}');
create policy mgmt_cfg_sys_lambda_change on mgmt_cfg_sys_lambda using ((select mgmt_may_do_all())) with check ((select mgmt_may_do_all()));

-- Records hold hashes of tokens and names of members: administrators of the scope read them. Nobody but the service writes them.
create policy mgmt_log_changes_read on mgmt_log_changes for select using ((select mgmt_may_do_all())
    or (scope_kind = 'org' and scope_id in (select mgmt_changeable_ids('org'))) or (scope_kind = 'workspace' and scope_id in (select mgmt_changeable_ids('workspace'))));
create policy mgmt_log_audit_read on mgmt_log_audit for select using ((select mgmt_may_do_all())
    or (scope_kind = 'org' and scope_id in (select mgmt_changeable_ids('org'))) or (scope_kind = 'workspace' and scope_id in (select mgmt_changeable_ids('workspace'))));

create policy mgmt_usage_modules_read on mgmt_usage_modules for select using ((select mgmt_may_do_all()) or org_id in (select mgmt_changeable_ids('org')));
create policy mgmt_usage_modules_daily_read on mgmt_usage_modules_daily for select using ((select mgmt_may_do_all()) or org_id in (select mgmt_changeable_ids('org')));

-- These run with the rights of the owner and write what they are told: triggers call them, nobody else.
revoke execute on function mgmt_record_change(text, text, text, jsonb, json, text[]) from public;

-- The catalogue for hosts that know it: modules, and which of them a tenant (an organization) has installed. Both tables mirror the
-- system's definitions and the organizations' overrides, and changes of either side reach the other in the same transaction:
--   modules.name, description, version         display_name, description, version of the definition
--   modules.is_active                          enabled, installed and not removed
--   tenant_modules.enabled, settings           is_enabled (null shows as true) and config_overrides of the override
-- Tables of these names that are there already are set aside as <name>_old, and what they hold is taken over.

select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

create function mgmt_set_aside(p_table text) returns boolean
    language plpgsql set search_path from current as $$
begin
    if (select relkind from pg_class where oid = to_regclass(quote_ident(p_table))) in ('r', 'p') then
        execute format('alter table %I rename to %I', p_table, p_table || '_old');
        return true;
    end if;
    return false;
end $$;

select mgmt_set_aside('tenant_modules'), mgmt_set_aside('modules');

create table modules (
    id          text collate "C" not null,
    name        text             not null,
    description text,
    version     text             not null default '1.0.0',
    is_active   boolean          not null default true,
    created_at  timestamptz      not null default now(),
    constraint modules_catalogue_pkey primary key (id),
    constraint modules_catalogue_id_form check (id ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$')
);

create table tenant_modules (
    id           uuid             not null default gen_random_uuid(),
    tenant_id    text collate "C" not null,
    module_id    text collate "C" not null,
    enabled      boolean          not null default true,
    installed_at timestamptz      not null default now(),
    settings     jsonb            not null default '{}',
    updated_at   timestamptz      not null default now(),
    constraint tenant_modules_catalogue_pkey primary key (id),
    constraint tenant_modules_catalogue_key unique (tenant_id, module_id),
    constraint tenant_modules_catalogue_tenant_fkey foreign key (tenant_id) references mgmt_cfg_orgs (org_id) on delete cascade,
    constraint tenant_modules_catalogue_module_fkey foreign key (module_id) references modules (id) on delete restrict,
    constraint tenant_modules_catalogue_settings_object check (jsonb_typeof(settings) = 'object')
);
create index tenant_modules_catalogue_module on tenant_modules (module_id);
create trigger tenant_modules_touch before update on tenant_modules for each row execute function mgmt_touch();

-- From the definitions to the catalogue.
create function mgmt_show_module() returns trigger
    language plpgsql security definer set search_path from current set application_name = 'modules: trusted function' as $$
begin
    insert into modules as m (id, name, description, version, is_active, created_at)
    values (new.module_name, new.display_name, new.description, new.version, new.is_enabled and new.is_installed and new.deleted_at is null, new.created_at)
    on conflict (id) do update set name = excluded.name, description = excluded.description, version = excluded.version, is_active = excluded.is_active
    where (m.name, m.description, m.version, m.is_active) is distinct from (excluded.name, excluded.description, excluded.version, excluded.is_active);
    return null;
end $$;

create trigger mgmt_cfg_sys_modules_show after insert or update on mgmt_cfg_sys_modules for each row execute function mgmt_show_module();

create function mgmt_show_org_module() returns trigger
    language plpgsql security definer set search_path from current set application_name = 'modules: trusted function' as $$
begin
    if tg_op <> 'INSERT' then
        delete from tenant_modules where tenant_id = old.org_id and module_id = old.module_name
            and (tg_op = 'DELETE' or (old.org_id, old.module_name) is distinct from (new.org_id, new.module_name));
    end if;
    if tg_op <> 'DELETE' then
        -- A definition that was loaded with triggers off is not in the catalogue, and must not keep overrides from being written.
        insert into tenant_modules as t (tenant_id, module_id, enabled, settings)
        select new.org_id, m.id, coalesce(new.is_enabled, true), new.config_overrides from modules m where m.id = new.module_name
        on conflict (tenant_id, module_id) do update set enabled = excluded.enabled, settings = excluded.settings
        where (t.enabled, t.settings) is distinct from (excluded.enabled, excluded.settings);
    end if;
    return null;
end $$;

create trigger mgmt_cfg_org_modules_show after insert or update or delete on mgmt_cfg_org_modules for each row execute function mgmt_show_org_module();

-- From the catalogue to the definitions. Only what a host writes itself goes this way, not what the triggers above mirror.
create function mgmt_take_module() returns trigger
    language plpgsql set search_path from current as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'The module ''%'' stays in the catalogue, because its name and history do.', old.id using errcode = 'OM409', hint = 'Set is_active to false instead.';
    elsif tg_op = 'INSERT' then
        insert into mgmt_cfg_sys_modules (module_name, display_name, description, version, is_enabled)
        values (new.id, new.name, new.description, new.version, new.is_active)
        on conflict (module_name) do nothing;
    else
        update mgmt_cfg_sys_modules set display_name = new.name, description = new.description, version = new.version,
            is_enabled = case when new.is_active <> old.is_active then new.is_active else is_enabled end
        where module_name = new.id;
    end if;
    return null;
end $$;

create trigger modules_take after insert or update or delete on modules
    for each row when (pg_trigger_depth() = 0) execute function mgmt_take_module();

-- Requirement A16: what is installed must be there and active.
create function mgmt_take_tenant_module() returns trigger
    language plpgsql set search_path from current as $$
begin
    if tg_op = 'DELETE' then
        delete from mgmt_cfg_org_modules where org_id = old.tenant_id and module_name = old.module_id;
        return null;
    elsif tg_op = 'UPDATE' and (old.tenant_id, old.module_id) is distinct from (new.tenant_id, new.module_id) then
        raise exception 'An installed module moves to no other tenant: uninstall it and install it there.' using errcode = 'OM409';
    elsif new.enabled and (tg_op = 'INSERT' or not old.enabled) and exists (select from modules m where m.id = new.module_id and not m.is_active) then
        perform mgmt_refuse('OM409', 'parent-disabled', format('''%s'' cannot be installed here: it is not active.', new.module_id), new.module_id, 'system');
    end if;
    insert into mgmt_cfg_org_modules as o (org_id, module_name, is_enabled, config_overrides)
    values (new.tenant_id, new.module_id, new.enabled, new.settings)
    on conflict (org_id, module_name) do update set
        is_enabled = case when excluded.is_enabled = coalesce(o.is_enabled, true) then o.is_enabled else excluded.is_enabled end,
        config_overrides = excluded.config_overrides;
    return null;
end $$;

create trigger tenant_modules_take after insert or update or delete on tenant_modules
    for each row when (pg_trigger_depth() = 0) execute function mgmt_take_tenant_module();

alter table modules enable row level security;
alter table modules force row level security;
alter table tenant_modules enable row level security;
alter table tenant_modules force row level security;

create policy authenticated_can_view_modules on modules for select using ((select mgmt_is_somebody()));
create policy service_role_all_modules on modules using ((select mgmt_may_do_all())) with check ((select mgmt_may_do_all()));
create policy users_can_view_tenant_modules on tenant_modules for select using (mgmt_may_read('org', tenant_id));
create policy admins_can_insert_tenant_modules on tenant_modules for insert with check (mgmt_may_change('org', tenant_id));
create policy admins_can_update_tenant_modules on tenant_modules for update using (mgmt_may_change('org', tenant_id)) with check (mgmt_may_change('org', tenant_id));
create policy admins_can_delete_tenant_modules on tenant_modules for delete using (mgmt_may_change('org', tenant_id));
create policy service_role_all_tenant_modules on tenant_modules using ((select mgmt_may_do_all())) with check ((select mgmt_may_do_all()));

-- What is there already.
insert into modules (id, name, description, version, is_active, created_at)
select module_name, display_name, description, version, is_enabled and is_installed and deleted_at is null, created_at from mgmt_cfg_sys_modules;
insert into tenant_modules (tenant_id, module_id, enabled, settings)
select org_id, module_name, coalesce(is_enabled, true), config_overrides from mgmt_cfg_org_modules;

do $$
begin
    if to_regclass('modules_old') is not null then
        insert into modules (id, name, description, version, is_active)
        select r ->> 'id', coalesce(r ->> 'name', r ->> 'id'), r ->> 'description', coalesce(r ->> 'version', '1.0.0'), coalesce((r ->> 'is_active')::boolean, true)
        from (select to_jsonb(o) from modules_old o) as old (r)
        on conflict (id) do nothing;
    end if;
    if to_regclass('tenant_modules_old') is not null then
        insert into mgmt_cfg_orgs (org_id) select distinct to_jsonb(o) ->> 'tenant_id' from tenant_modules_old o on conflict (org_id) do nothing;
        -- An installation of a module that is not active any more is kept, switched off.
        insert into tenant_modules (tenant_id, module_id, enabled, settings)
        select r ->> 'tenant_id', r ->> 'module_id', coalesce((r ->> 'enabled')::boolean, true) and m.is_active, coalesce(r -> 'settings', '{}')
        from (select to_jsonb(o) from tenant_modules_old o) as old (r) join modules m on m.id = r ->> 'module_id'
        on conflict (tenant_id, module_id) do nothing;
    end if;
end $$;

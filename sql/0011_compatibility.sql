-- The old names: updatable views for hosts that read and write sys_module_registry, sys_lambda_config, sys_module_usage and
-- sys_module_usage_daily. Tables of these names that are there already are set aside as <name>_old, and what they hold is taken over.
-- Columns that an old table does not have get their defaults. Values are copied once; nothing is ever deleted from the old tables.

select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

select mgmt_set_aside(t) from unnest('{sys_module_registry,sys_lambda_config,sys_module_usage,sys_module_usage_daily}'::text[]) t;

-- Writing goes to the tables behind, through their rules and triggers. Dependencies may be written as names; they are read as
-- {"name", "range", "optional"}. Rows of the registry are not deleted: set deleted_at.
create view sys_module_registry with (security_invoker = true) as
    select id, module_name, display_name, description, module_type, tier, version, min_compatible_version, is_installed, is_enabled, config, feature_flags, nav_config,
        dependencies, required_permissions, created_at, updated_at, created_by, updated_by, deleted_at
    from mgmt_cfg_sys_modules;

create view sys_lambda_config with (security_invoker = true) as
    select id, config_key, config_value, description, is_active, created_at, updated_at from mgmt_cfg_sys_lambda;

create view sys_module_usage with (security_invoker = true) as
    select event_id as id, module_name, event_type, org_id, ws_id, actor as user_id, quantity, details as event_data, occurred_at as event_at from mgmt_usage_modules;

create view sys_module_usage_daily with (security_invoker = true) as
    select usage_date, module_name, org_id, event_type, events as event_count, quantity, actors as unique_users, workspaces as unique_workspaces from mgmt_usage_modules_daily;

do $$
begin
    -- What was registered was registered, whatever it depends on.
    perform set_config('modules.force', 'on', true), set_config('modules.reason', 'taken over from sys_module_registry', true);
    if to_regclass('sys_module_registry_old') is not null then
        insert into mgmt_cfg_sys_modules (id, module_name, display_name, description, module_type, tier, version, min_compatible_version, is_installed, is_enabled,
            config, feature_flags, nav_config, dependencies, required_permissions, created_at, created_by, updated_by, deleted_at)
        select case when r ->> 'id' ~ '^[0-9a-fA-F-]{36}$' then (r ->> 'id')::uuid else gen_random_uuid() end, r ->> 'module_name', coalesce(r ->> 'display_name', r ->> 'module_name'),
            r ->> 'description', coalesce(r ->> 'module_type', 'functional'), coalesce((r ->> 'tier')::int, 3), coalesce(r ->> 'version', '1.0.0'), r ->> 'min_compatible_version',
            coalesce((r ->> 'is_installed')::boolean, false), coalesce((r ->> 'is_enabled')::boolean, true), coalesce(nullif(r -> 'config', 'null'), '{}'),
            coalesce(nullif(r -> 'feature_flags', 'null'), '{}'), coalesce(nullif(r -> 'nav_config', 'null'), '{}'), coalesce(nullif(r -> 'dependencies', 'null'), '[]'),
            coalesce(nullif(r -> 'required_permissions', 'null'), '[]'), coalesce((r ->> 'created_at')::timestamptz, now()), r ->> 'created_by', r ->> 'updated_by',
            (r ->> 'deleted_at')::timestamptz
        from (select to_jsonb(o) from sys_module_registry_old o) as old (r)
        on conflict (module_name) do nothing;
    end if;
    perform set_config('modules.force', '', true), set_config('modules.reason', '', true);

    if to_regclass('sys_lambda_config_old') is not null then
        -- A warming schedule of another form is kept under another key: the service could not use it.
        insert into mgmt_cfg_sys_lambda (config_key, config_value, description, is_active)
        select case when r ->> 'config_key' = 'warming_schedule' and mgmt_schedule_fault(r -> 'config_value') is not null then 'warming_schedule_old' else r ->> 'config_key' end,
            coalesce(r -> 'config_value', 'null'), r ->> 'description', coalesce((r ->> 'is_active')::boolean, true)
        from (select to_jsonb(o) from sys_lambda_config_old o) as old (r)
        on conflict (config_key) do nothing;
    end if;
    if to_regclass('sys_module_usage_old') is not null then
        insert into mgmt_usage_modules (event_id, occurred_at, module_name, org_id, ws_id, actor, event_type, details)
        select case when r ->> 'id' ~ '^[0-9a-fA-F-]{36}$' then (r ->> 'id')::uuid else gen_random_uuid() end,
            coalesce(r ->> 'event_at', r ->> 'created_at', now()::text)::timestamptz, r ->> 'module_name', coalesce(r ->> 'org_id', ''), coalesce(r ->> 'ws_id', r ->> 'workspace_id'), r ->> 'user_id',
            coalesce(r ->> 'event_type', 'use'), coalesce(nullif(coalesce(r -> 'event_data', r -> 'metadata'), 'null'), '{}')
        from (select to_jsonb(o) from sys_module_usage_old o) as old (r)
        on conflict (event_id) do nothing;
    end if;
    if to_regclass('sys_module_usage_daily_old') is not null then
        insert into mgmt_usage_modules_daily (usage_date, org_id, module_name, event_type, events, quantity, actors, workspaces)
        select (r ->> 'usage_date')::date, coalesce(r ->> 'org_id', ''), r ->> 'module_name', coalesce(r ->> 'event_type', 'use'),
            coalesce(r ->> 'event_count', r ->> 'total_events', '0')::bigint, coalesce(r ->> 'quantity', r ->> 'event_count', r ->> 'total_events', '0')::bigint,
            coalesce((r ->> 'unique_users')::bigint, 0), coalesce((r ->> 'unique_workspaces')::bigint, 0)
        from (select to_jsonb(o) from sys_module_usage_daily_old o) as old (r)
        on conflict (org_id, module_name, usage_date, event_type) do nothing;
    end if;
end $$;

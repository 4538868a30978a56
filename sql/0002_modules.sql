-- Modules: what the system says about each, and what organizations and workspaces override.

select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- The definition of a module. deleted_at marks a removed module: it keeps its name and history, and is in no map.
-- provenance and registered say which change of the system scope set each value last, and which registered the module:
-- {"whole": mark, "exceptions": {"/config/limit": mark}}, a mark being {"revision", "at", "actor"}.
create table mgmt_cfg_sys_modules (
    id                     uuid             not null default gen_random_uuid(),
    module_name            varchar(100) collate "C" not null,
    display_name           varchar(200)     not null,
    description            text,
    module_type            varchar(20) collate "C" not null default 'functional',
    tier                   integer          not null default 3,
    version                text collate "C" not null default '1.0.0',
    min_compatible_version text collate "C",
    is_installed           boolean          not null default true,
    is_enabled             boolean          not null default true,
    config                 jsonb            not null default '{}',
    config_merge           text collate "C" not null default 'shallow',
    feature_flags          jsonb            not null default '{}',
    nav_config             jsonb            not null default '{}',
    dependencies           jsonb            not null default '[]',
    required_permissions   jsonb            not null default '[]',
    created_at             timestamptz      not null default now(),
    updated_at             timestamptz      not null default now(),
    created_by             text,
    updated_by             text,
    deleted_at             timestamptz,
    provenance             jsonb            not null default '{}',
    registered             jsonb            not null default '{}',
    constraint mgmt_cfg_sys_modules_pkey primary key (id),
    constraint mgmt_cfg_sys_modules_name_key unique (module_name),
    constraint mgmt_cfg_sys_modules_name_form check (module_name ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$'),
    constraint mgmt_cfg_sys_modules_display_name_there check (length(display_name) >= 1),
    constraint mgmt_cfg_sys_modules_description_length check (length(description) <= 2000),
    constraint mgmt_cfg_sys_modules_type_known check (module_type in ('core', 'functional')),
    constraint mgmt_cfg_sys_modules_tier_range check (tier between 1 and 3),
    constraint mgmt_cfg_sys_modules_merge_known check (config_merge in ('shallow', 'deep')),
    constraint mgmt_cfg_sys_modules_config_object check (jsonb_typeof(config) = 'object'),
    constraint mgmt_cfg_sys_modules_flags_object check (jsonb_typeof(feature_flags) = 'object'),
    constraint mgmt_cfg_sys_modules_flags_boolean check (not jsonb_path_exists(feature_flags, '$.* ? (@.type() != "boolean")')),
    constraint mgmt_cfg_sys_modules_nav_object check (jsonb_typeof(nav_config) = 'object'),
    constraint mgmt_cfg_sys_modules_dependencies_array check (jsonb_typeof(dependencies) = 'array'),
    constraint mgmt_cfg_sys_modules_permissions_array check (jsonb_typeof(required_permissions) = 'array')
);
create index idx_mgmt_cfg_sys_modules_type on mgmt_cfg_sys_modules (module_type) where deleted_at is null;
create index idx_mgmt_cfg_sys_modules_enabled on mgmt_cfg_sys_modules (is_enabled) where deleted_at is null;

-- is_enabled null inherits, as a missing row does. A definition's row is never deleted, so its overrides cannot lose it.
create table mgmt_cfg_org_modules (
    org_id                 text collate "C"         not null,
    module_name            varchar(100) collate "C" not null,
    is_enabled             boolean,
    config_overrides       jsonb                    not null default '{}',
    feature_flag_overrides jsonb                    not null default '{}',
    provenance             jsonb                    not null default '{}',
    created_at             timestamptz              not null default now(),
    updated_at             timestamptz              not null default now(),
    constraint mgmt_cfg_org_modules_pkey primary key (org_id, module_name),
    constraint mgmt_cfg_org_modules_org_fkey foreign key (org_id) references mgmt_cfg_orgs (org_id) on delete cascade,
    constraint mgmt_cfg_org_modules_module_fkey foreign key (module_name) references mgmt_cfg_sys_modules (module_name) on delete restrict,
    constraint mgmt_cfg_org_modules_config_object check (jsonb_typeof(config_overrides) = 'object'),
    constraint mgmt_cfg_org_modules_flags_object check (jsonb_typeof(feature_flag_overrides) = 'object'),
    constraint mgmt_cfg_org_modules_flags_boolean check (not jsonb_path_exists(feature_flag_overrides, '$.* ? (@.type() != "boolean")'))
) with (fillfactor = 80);

create table mgmt_cfg_ws_modules (
    ws_id                  text collate "C"         not null,
    module_name            varchar(100) collate "C" not null,
    is_enabled             boolean,
    config_overrides       jsonb                    not null default '{}',
    feature_flag_overrides jsonb                    not null default '{}',
    provenance             jsonb                    not null default '{}',
    created_at             timestamptz              not null default now(),
    updated_at             timestamptz              not null default now(),
    constraint mgmt_cfg_ws_modules_pkey primary key (ws_id, module_name),
    constraint mgmt_cfg_ws_modules_ws_fkey foreign key (ws_id) references mgmt_cfg_workspaces (ws_id) on delete cascade,
    constraint mgmt_cfg_ws_modules_module_fkey foreign key (module_name) references mgmt_cfg_sys_modules (module_name) on delete restrict,
    constraint mgmt_cfg_ws_modules_config_object check (jsonb_typeof(config_overrides) = 'object'),
    constraint mgmt_cfg_ws_modules_flags_object check (jsonb_typeof(feature_flag_overrides) = 'object'),
    constraint mgmt_cfg_ws_modules_flags_boolean check (not jsonb_path_exists(feature_flag_overrides, '$.* ? (@.type() != "boolean")'))
) with (fillfactor = 80);

-- Who overrides this module: asked by operators, and by the check that a module's row may go.
create index idx_mgmt_cfg_org_modules_module on mgmt_cfg_org_modules (module_name);
create index idx_mgmt_cfg_ws_modules_module on mgmt_cfg_ws_modules (module_name);

-- Documents of the platform by key. The row 'warming_schedule' is the warming schedule: it is kept equal to the setting warmingSchedule of
-- the system scope, see 0008_plain_sql.sql.
create table mgmt_cfg_sys_lambda (
    id           uuid             not null default gen_random_uuid(),
    config_key   varchar(100) collate "C" not null,
    config_value jsonb            not null,
    description  text,
    is_active    boolean          not null default true,
    created_at   timestamptz      not null default now(),
    updated_at   timestamptz      not null default now(),
    constraint mgmt_cfg_sys_lambda_pkey primary key (id),
    constraint mgmt_cfg_sys_lambda_key_key unique (config_key)
);

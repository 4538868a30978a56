-- Scopes: the system, organizations and workspaces, each with its own revision; who belongs to them; the feed of changes.
--
-- Every script runs in one transaction (psql -1 -f, or the migrator). Names stand in the current schema: the first statement of a
-- script pins it, so that functions made here keep finding their tables whatever search_path a session sets later.

select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- Raised by an operator after a restore from backup: every reader then forgets what it knows and loads anew.
create table mgmt_cfg_epoch (
    only_one  boolean     not null default true,
    epoch     bigint      not null default 0,
    reason    text,
    raised_at timestamptz not null default now(),
    constraint mgmt_cfg_epoch_pkey primary key (only_one),
    constraint mgmt_cfg_epoch_only_one check (only_one),
    constraint mgmt_cfg_epoch_not_negative check (epoch >= 0)
);
insert into mgmt_cfg_epoch (reason) values ('created');

-- The position of the last change. Its row lock is the last one that a transaction takes, so that the order of positions is the
-- order of commits and a reader who has seen position n has seen everything before it.
create table mgmt_cfg_feed (
    only_one boolean not null default true,
    head     bigint  not null default 0,
    constraint mgmt_cfg_feed_pkey primary key (only_one),
    constraint mgmt_cfg_feed_only_one check (only_one),
    constraint mgmt_cfg_feed_head_not_negative check (head >= 0)
) with (fillfactor = 50);
insert into mgmt_cfg_feed default values;

create table mgmt_cfg_sys_scope (
    only_one     boolean     not null default true,
    revision     bigint      not null default 0,
    host_version text collate "C",
    settings     jsonb       not null default '{}',
    updated_at   timestamptz not null default now(),
    constraint mgmt_cfg_sys_scope_pkey primary key (only_one),
    constraint mgmt_cfg_sys_scope_only_one check (only_one),
    constraint mgmt_cfg_sys_scope_revision_not_negative check (revision >= 0),
    constraint mgmt_cfg_sys_scope_settings_object check (jsonb_typeof(settings) = 'object')
) with (fillfactor = 50);
insert into mgmt_cfg_sys_scope default values;

-- A deleted organization or workspace keeps its row, because its revisions are never used again. It has no overrides, no members
-- and no tokens.
create table mgmt_cfg_orgs (
    org_id     text collate "C" not null,
    name       text,
    settings   jsonb            not null default '{}',
    revision   bigint           not null default 0,
    is_deleted boolean          not null default false,
    created_at timestamptz      not null default now(),
    updated_at timestamptz      not null default now(),
    constraint mgmt_cfg_orgs_pkey primary key (org_id),
    constraint mgmt_cfg_orgs_id_form check (org_id ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$' and length(org_id) <= 64),
    constraint mgmt_cfg_orgs_name_length check (length(name) <= 200),
    constraint mgmt_cfg_orgs_revision_not_negative check (revision >= 0),
    constraint mgmt_cfg_orgs_settings_object check (jsonb_typeof(settings) = 'object')
) with (fillfactor = 80);

create table mgmt_cfg_workspaces (
    ws_id      text collate "C" not null,
    org_id     text collate "C" not null,
    name       text,
    settings   jsonb            not null default '{}',
    revision   bigint           not null default 0,
    is_deleted boolean          not null default false,
    created_at timestamptz      not null default now(),
    updated_at timestamptz      not null default now(),
    constraint mgmt_cfg_workspaces_pkey primary key (ws_id),
    constraint mgmt_cfg_workspaces_org_fkey foreign key (org_id) references mgmt_cfg_orgs (org_id) on delete restrict,
    constraint mgmt_cfg_workspaces_id_form check (ws_id ~ '^[A-Za-z0-9][A-Za-z0-9._-]*$' and length(ws_id) <= 64),
    constraint mgmt_cfg_workspaces_name_length check (length(name) <= 200),
    constraint mgmt_cfg_workspaces_revision_not_negative check (revision >= 0),
    constraint mgmt_cfg_workspaces_settings_object check (jsonb_typeof(settings) = 'object')
) with (fillfactor = 80);

-- Lists the workspaces of an organization in order of id, a page at a time; deleted ones are in no list.
create index mgmt_cfg_workspaces_of_org on mgmt_cfg_workspaces (org_id, ws_id) where not is_deleted;

-- scope_kind is 'system', 'org' or 'workspace'; the scope_id of the system is the empty text. No foreign key can name three tables:
-- the deletion of a scope takes its members and tokens along.
create table mgmt_cfg_members (
    scope_kind text collate "C" not null,
    scope_id   text collate "C" not null,
    subject    text collate "C" not null,
    role       text collate "C" not null,
    mark       jsonb            not null default '{}',
    constraint mgmt_cfg_members_pkey primary key (scope_kind, scope_id, subject),
    constraint mgmt_cfg_members_scope_kind check (scope_kind in ('system', 'org', 'workspace')),
    constraint mgmt_cfg_members_system_id check ((scope_kind = 'system') = (scope_id = '')),
    constraint mgmt_cfg_members_role_of_scope check (case scope_kind
        when 'system' then role in ('sys_owner', 'sys_admin', 'shell', 'operator')
        when 'org' then role in ('org_owner', 'org_admin', 'org_user', 'shell')
        else role in ('ws_owner', 'ws_admin', 'ws_user', 'shell') end),
    constraint mgmt_cfg_members_subject_length check (length(subject) between 1 and 200)
);

-- What may this subject do: asked by row-level security, over all scopes.
create index mgmt_cfg_members_of_subject on mgmt_cfg_members (subject, scope_kind);

-- token holds name, role, times and keyed hashes of the secrets; never a secret.
create table mgmt_cfg_tokens (
    scope_kind text collate "C" not null,
    scope_id   text collate "C" not null,
    token_id   text collate "C" not null,
    token      jsonb            not null,
    mark       jsonb            not null default '{}',
    constraint mgmt_cfg_tokens_pkey primary key (scope_kind, scope_id, token_id),
    constraint mgmt_cfg_tokens_scope_kind check (scope_kind in ('system', 'org', 'workspace')),
    constraint mgmt_cfg_tokens_system_id check ((scope_kind = 'system') = (scope_id = '')),
    constraint mgmt_cfg_tokens_object check (jsonb_typeof(token) = 'object')
);

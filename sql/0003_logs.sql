-- What happened: the change log with its gapless feed, the audit log, and usage of modules.

select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- One row per accepted change of one scope; rows are never updated or deleted. record is the whole change in the JSON form that the
-- service answers as history, with the values before and after; it is json and not jsonb, because it is a record: kept as written.
-- position is null only inside the transaction that makes the change: it is given last, see mgmt_cfg_feed.
create table mgmt_log_changes (
    position     bigint,
    scope_kind   text collate "C" not null,
    scope_id     text collate "C" not null,
    revision     bigint           not null,
    operation_id text collate "C",
    fingerprint  text collate "C",
    kind         text collate "C" not null,
    at           timestamptz      not null,
    actor        text             not null,
    reason       text,
    modules      text[] collate "C" not null default '{}',
    record       json             not null,
    constraint mgmt_log_changes_pkey primary key (scope_kind, scope_id, revision),
    constraint mgmt_log_changes_position_key unique (position),
    constraint mgmt_log_changes_scope_kind check (scope_kind in ('system', 'org', 'workspace')),
    constraint mgmt_log_changes_system_id check ((scope_kind = 'system') = (scope_id = '')),
    constraint mgmt_log_changes_revision_positive check (revision > 0),
    constraint mgmt_log_changes_position_positive check (position > 0)
);

-- A request that is sent again is known by its operation id. Most changes have none.
create unique index mgmt_log_changes_operation_key on mgmt_log_changes (operation_id) where operation_id is not null;

-- Who did, or tried to do, what. Never holds a secret. Prune it by time as the installation's rules ask. No foreign keys: an entry outlives
-- what it names, and a refused request may name what never was. org_id is the organization itself, or that of a workspace.
create table mgmt_log_audit (
    position        bigint generated always as identity,
    at              timestamptz      not null default now(),
    subject         text             not null default session_user,
    on_behalf_of    text,
    source          text,
    action          text collate "C" not null,
    operation       text collate "C" not null default '',
    scope_kind      text collate "C" not null default 'system',
    scope_id        text collate "C" not null default '',
    org_id          text collate "C",
    target          text,
    outcome         text collate "C" not null,
    code            text collate "C",
    change_position bigint,
    repeats         bigint,
    trace_id        text             not null default '',
    constraint mgmt_log_audit_pkey primary key (position),
    constraint mgmt_log_audit_scope_kind check (scope_kind in ('system', 'org', 'workspace')),
    constraint mgmt_log_audit_outcome check (outcome in ('done', 'unchanged', 'unauthenticated', 'forbidden', 'held-up', 'refused', 'failed'))
);
-- Pages of an organization with its workspaces, and of a workspace, newest first.
create index mgmt_log_audit_of_org on mgmt_log_audit (org_id, position desc) where org_id is not null;
create index mgmt_log_audit_of_workspace on mgmt_log_audit (scope_id, position desc) where scope_kind = 'workspace';

-- Usage events as hosts report them. No foreign keys: an event outlives what it names, and is written in bulk.
create table mgmt_usage_modules (
    event_id    uuid                     not null default gen_random_uuid(),
    occurred_at timestamptz              not null default now(),
    module_name varchar(100) collate "C" not null,
    org_id      text collate "C"         not null,
    ws_id       text collate "C",
    actor       text collate "C",
    event_type  text collate "C"         not null default 'use',
    quantity    bigint                   not null default 1,
    details     jsonb                    not null default '{}',
    constraint mgmt_usage_modules_pkey primary key (event_id),
    constraint mgmt_usage_modules_quantity_not_negative check (quantity >= 0)
);
-- Rolling up reads whole days.
create index mgmt_usage_modules_by_time on mgmt_usage_modules (occurred_at);

-- Days are UTC days. Rolling a day up again replaces its rows.
create table mgmt_usage_modules_daily (
    usage_date  date                     not null,
    org_id      text collate "C"         not null,
    module_name varchar(100) collate "C" not null,
    event_type  text collate "C"         not null,
    events      bigint                   not null,
    quantity    bigint                   not null,
    actors      bigint                   not null,
    workspaces  bigint                   not null,
    constraint mgmt_usage_modules_daily_pkey primary key (org_id, module_name, usage_date, event_type)
);
create index mgmt_usage_modules_daily_by_date on mgmt_usage_modules_daily (usage_date);

-- Rolls up the UTC days from p_from to p_to, both included. May be repeated; the answer is the number of daily rows written. Days without
-- events keep their rows: events may have been pruned, or never have been here.
create function mgmt_roll_up_usage(p_from date, p_to date) returns bigint
    language plpgsql set search_path from current as $$
declare
    v_written bigint;
begin
    -- One roll-up at a time: two of the same day would both delete first and then both insert.
    perform pg_advisory_xact_lock(hashtextextended('mgmt_roll_up_usage', 0));
    delete from mgmt_usage_modules_daily d
    where d.usage_date between p_from and p_to
        and exists (select from mgmt_usage_modules u
            where u.occurred_at >= d.usage_date::timestamp at time zone 'UTC' and u.occurred_at < (d.usage_date + 1)::timestamp at time zone 'UTC');
    insert into mgmt_usage_modules_daily (usage_date, org_id, module_name, event_type, events, quantity, actors, workspaces)
    select (occurred_at at time zone 'UTC')::date, org_id, module_name, event_type,
        count(*), sum(quantity), count(distinct actor), count(distinct ws_id)
    from mgmt_usage_modules
    where occurred_at >= p_from::timestamp at time zone 'UTC' and occurred_at < (p_to + 1)::timestamp at time zone 'UTC'
    group by 1, 2, 3, 4;
    get diagnostics v_written = row_count;
    return v_written;
end $$;

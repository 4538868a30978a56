-- Reminders of grains, for Orleans' ADO.NET provider.

select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

create table mgmt_cluster_reminders (
    service_id text        collate "C" not null,
    grain_id   text        collate "C" not null,
    name       text        collate "C" not null,
    starts_at  timestamptz not null,
    period_ms  bigint      not null,
    grain_hash int         not null,
    version    int         not null default 0,
    constraint mgmt_cluster_reminders_pkey primary key (service_id, grain_id, name),
    constraint mgmt_cluster_reminders_period check (period_ms > 0)
);
create index mgmt_cluster_reminders_by_hash on mgmt_cluster_reminders (service_id, grain_hash);

create view mgmt_cluster_reminders_read as
    select service_id, grain_hash, grain_id as grainid, name as remindername, starts_at as starttime, period_ms as period, version from mgmt_cluster_reminders;

insert into orleansquery (querykey, querytext) values
    ('UpsertReminderRowKey', 'insert into mgmt_cluster_reminders (service_id, grain_id, name, starts_at, period_ms, grain_hash)
        values (@ServiceId, @GrainId, @ReminderName, @StartTime, @Period, @GrainHash)
        on conflict (service_id, grain_id, name) do update set starts_at = excluded.starts_at, period_ms = excluded.period_ms, grain_hash = excluded.grain_hash,
            version = mgmt_cluster_reminders.version + 1 returning version'),
    ('ReadReminderRowsKey', 'select * from mgmt_cluster_reminders_read where service_id = @ServiceId and grainid = @GrainId'),
    ('ReadReminderRowKey', 'select * from mgmt_cluster_reminders_read where service_id = @ServiceId and grainid = @GrainId and remindername = @ReminderName'),
    ('ReadRangeRows1Key', 'select * from mgmt_cluster_reminders_read where service_id = @ServiceId and grain_hash > @BeginHash and grain_hash <= @EndHash'),
    ('ReadRangeRows2Key', 'select * from mgmt_cluster_reminders_read where service_id = @ServiceId and (grain_hash > @BeginHash or grain_hash <= @EndHash)'),
    ('DeleteReminderRowKey', 'with gone as (delete from mgmt_cluster_reminders where service_id = @ServiceId and grain_id = @GrainId and name = @ReminderName and version = @Version returning 1)
        select count(*)::int from gone'),
    ('DeleteReminderRowsKey', 'delete from mgmt_cluster_reminders where service_id = @ServiceId');

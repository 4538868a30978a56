-- State of grains that is not configuration, such as the progress of maintenance, for Orleans' ADO.NET storage provider.
--
-- The provider names a state by its state name and the grain's key only, not by the grain's class: state names must differ between
-- classes. It turns keys that look like numbers or GUIDs into numbers: keys must begin with a word and a slash or colon.

select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

create table mgmt_cluster_states (
    service_id text        collate "C" not null,
    state_name text        collate "C" not null,
    key_high   bigint      not null,
    key_low    bigint      not null,
    key_text   text        collate "C" not null, -- empty where the key is a number
    version    int         not null,
    payload    bytea,
    changed_at timestamptz not null default now(),
    constraint mgmt_cluster_states_pkey primary key (service_id, state_name, key_high, key_low, key_text),
    constraint mgmt_cluster_states_version check (version > 0)
);

-- Writes a state and gives its new version. Where the state is not at the version that the grain read, nothing is written and the grain's
-- own version comes back: the provider then knows that the grain lost a race. Two first writes cannot both succeed.
create function mgmt_cluster_write_state(
    p_service text, p_state text, p_high bigint, p_low bigint, p_key text, p_version int, p_payload bytea) returns int
    language plpgsql set search_path from current as $$
declare
    v_version int;
begin
    if p_version is null then
        insert into mgmt_cluster_states (service_id, state_name, key_high, key_low, key_text, version, payload)
            values (p_service, p_state, p_high, p_low, coalesce(p_key, ''), 1, p_payload)
            on conflict (service_id, state_name, key_high, key_low, key_text) do nothing
            returning version into v_version;
    else
        update mgmt_cluster_states s set version = s.version + 1, payload = p_payload, changed_at = now()
            where s.service_id = p_service and s.state_name = p_state and s.key_high = p_high and s.key_low = p_low and s.key_text = coalesce(p_key, '') and s.version = p_version
            returning s.version into v_version;
    end if;
    return coalesce(v_version, p_version);
end $$;

insert into orleansquery (querykey, querytext) values
    ('WriteToStorageKey', 'select mgmt_cluster_write_state(@ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, @GrainIdExtensionString, @GrainStateVersion, @PayloadBinary) as newgrainstateversion'),
    ('ReadFromStorageKey', 'select payload as payloadbinary, version from mgmt_cluster_states
        where service_id = @ServiceId and state_name = @GrainTypeString and key_high = @GrainIdN0 and key_low = @GrainIdN1 and key_text = coalesce(@GrainIdExtensionString, '''')'),
    ('ClearStorageKey', 'update mgmt_cluster_states set payload = null, version = version + 1, changed_at = now()
        where service_id = @ServiceId and state_name = @GrainTypeString and key_high = @GrainIdN0 and key_low = @GrainIdN1 and key_text = coalesce(@GrainIdExtensionString, '''')
        and version = @GrainStateVersion returning version as newgrainstateversion'),
    ('DeleteStorageKey', 'delete from mgmt_cluster_states
        where service_id = @ServiceId and state_name = @GrainTypeString and key_high = @GrainIdN0 and key_low = @GrainIdN1 and key_text = coalesce(@GrainIdExtensionString, '''')
        and version = @GrainStateVersion returning version + 1 as newgrainstateversion');

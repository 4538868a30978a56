-- Membership of a cluster of silos. Orleans' ADO.NET provider reads the statements it runs from the table orleansquery, by name; the
-- names of statements, parameters and result columns are the provider's, everything else is ours.
--
-- The row of a cluster in mgmt_cluster_members_version is locked first by every change, so that changes are serial: one that expects
-- another version, or finds its silo in another state than it must be, changes nothing and says so.

select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

create table orleansquery (
    querykey  text not null,
    querytext text not null,
    constraint orleansquery_pkey primary key (querykey)
);

create table mgmt_cluster_members_version (
    cluster_id text        collate "C" not null,
    version    int         not null default 0,
    changed_at timestamptz not null default now(),
    constraint mgmt_cluster_members_version_pkey primary key (cluster_id),
    constraint mgmt_cluster_members_version_not_negative check (version >= 0)
);

create table mgmt_cluster_silos (
    cluster_id   text        collate "C" not null,
    address      text        collate "C" not null,
    port         int         not null,
    generation   int         not null,
    silo_name    text        not null,
    host_name    text        not null,
    status       int         not null, -- 1 created, 2 joining, 3 active, 4 shutting down, 5 stopping, 6 dead
    gateway_port int         not null default 0,
    suspicions   text,
    started_at   timestamptz not null,
    alive_at     timestamptz not null,
    constraint mgmt_cluster_silos_pkey primary key (cluster_id, address, port, generation),
    constraint mgmt_cluster_silos_cluster foreign key (cluster_id) references mgmt_cluster_members_version (cluster_id),
    constraint mgmt_cluster_silos_status check (status between 1 and 6)
) with (fillfactor = 50); -- every silo writes its row every few seconds

create function mgmt_cluster_is_at(p_cluster text, p_version int) returns boolean
    language plpgsql set search_path from current as $$
begin
    perform 1 from mgmt_cluster_members_version v where v.cluster_id = p_cluster and v.version = p_version for update;
    return found;
end $$;

create function mgmt_cluster_begin(p_cluster text) returns boolean
    language plpgsql set search_path from current as $$
begin
    insert into mgmt_cluster_members_version (cluster_id) values (p_cluster) on conflict (cluster_id) do nothing;
    return found;
end $$;

create function mgmt_cluster_join(
    p_cluster text, p_address text, p_port int, p_generation int, p_silo text, p_host text, p_status int, p_gateway_port int,
    p_started timestamptz, p_alive timestamptz, p_version int) returns boolean
    language plpgsql set search_path from current as $$
begin
    if not mgmt_cluster_is_at(p_cluster, p_version) then
        return false;
    end if;
    insert into mgmt_cluster_silos (cluster_id, address, port, generation, silo_name, host_name, status, gateway_port, started_at, alive_at)
        values (p_cluster, p_address, p_port, p_generation, p_silo, p_host, p_status, coalesce(p_gateway_port, 0), p_started, p_alive)
        on conflict (cluster_id, address, port, generation) do nothing;
    if not found then
        return false;
    end if;
    update mgmt_cluster_members_version set version = version + 1, changed_at = now() where cluster_id = p_cluster;
    return true;
end $$;

create function mgmt_cluster_update(
    p_cluster text, p_address text, p_port int, p_generation int, p_status int, p_suspicions text, p_alive timestamptz, p_version int) returns boolean
    language plpgsql set search_path from current as $$
begin
    if not mgmt_cluster_is_at(p_cluster, p_version) then
        return false;
    end if;
    update mgmt_cluster_silos s set status = p_status, suspicions = p_suspicions, alive_at = p_alive
        where s.cluster_id = p_cluster and s.address = p_address and s.port = p_port and s.generation = p_generation;
    if not found then
        return false;
    end if;
    update mgmt_cluster_members_version set version = version + 1, changed_at = now() where cluster_id = p_cluster;
    return true;
end $$;

create view mgmt_cluster_members as
    select v.cluster_id, s.address, s.port, s.generation, s.silo_name as siloname, s.host_name as hostname, s.status, s.gateway_port as proxyport,
        s.suspicions as suspecttimes, s.started_at as starttime, s.alive_at as iamalivetime, v.version
    from mgmt_cluster_members_version v left join mgmt_cluster_silos s on s.cluster_id = v.cluster_id;

insert into orleansquery (querykey, querytext) values
    ('InsertMembershipVersionKey', 'select mgmt_cluster_begin(@DeploymentId)'),
    ('InsertMembershipKey', 'select mgmt_cluster_join(@DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime, @Version)'),
    ('UpdateMembershipKey', 'select mgmt_cluster_update(@DeploymentId, @Address, @Port, @Generation, @Status, @SuspectTimes, @IAmAliveTime, @Version)'),
    ('UpdateIAmAlivetimeKey', 'update mgmt_cluster_silos set alive_at = @IAmAliveTime where cluster_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation'),
    ('MembershipReadAllKey', 'select * from mgmt_cluster_members where cluster_id = @DeploymentId'),
    ('MembershipReadRowKey', -- the version comes back also where there is no such silo
        'select v.cluster_id, m.address, m.port, m.generation, m.siloname, m.hostname, m.status, m.proxyport, m.suspecttimes, m.starttime, m.iamalivetime, v.version
         from mgmt_cluster_members_version v
         left join mgmt_cluster_members m on m.cluster_id = v.cluster_id and m.address = @Address and m.port = @Port and m.generation = @Generation
         where v.cluster_id = @DeploymentId'),
    ('GatewaysQueryKey', 'select address, gateway_port as proxyport, generation from mgmt_cluster_silos where cluster_id = @DeploymentId and status = @Status and gateway_port > 0'),
    ('CleanupDefunctSiloEntriesKey', 'delete from mgmt_cluster_silos where cluster_id = @DeploymentId and alive_at < @IAmAliveTime and status <> 3'),
    ('DeleteMembershipTableEntriesKey',
        'with silos as (delete from mgmt_cluster_silos where cluster_id = @DeploymentId returning 1) delete from mgmt_cluster_members_version where cluster_id = @DeploymentId');

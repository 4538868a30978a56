-- Takes 0101_orleans_storage.sql back.
delete from orleansquery where querykey in ('WriteToStorageKey', 'ReadFromStorageKey', 'ClearStorageKey', 'DeleteStorageKey');
drop function mgmt_cluster_write_state(text, text, bigint, bigint, text, int, bytea);
drop table mgmt_cluster_states;

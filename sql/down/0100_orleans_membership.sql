-- Takes 0100_orleans_membership.sql back.
drop view mgmt_cluster_members;
drop function mgmt_cluster_update(text, text, int, int, int, text, timestamptz, int);
drop function mgmt_cluster_join(text, text, int, int, text, text, int, int, timestamptz, timestamptz, int);
drop function mgmt_cluster_begin(text);
drop function mgmt_cluster_is_at(text, int);
drop table mgmt_cluster_silos;
drop table mgmt_cluster_members_version;
drop table orleansquery;

-- Takes 0001_scopes.sql back.
drop table mgmt_cfg_tokens;
drop table mgmt_cfg_members;
drop table mgmt_cfg_workspaces;
drop table mgmt_cfg_orgs;
drop table mgmt_cfg_sys_scope;
drop table mgmt_cfg_feed;
drop table mgmt_cfg_epoch;

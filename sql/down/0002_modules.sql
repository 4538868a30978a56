-- Takes 0002_modules.sql back.
drop table mgmt_cfg_sys_lambda;
drop table mgmt_cfg_ws_modules;
drop table mgmt_cfg_org_modules;
drop table mgmt_cfg_sys_modules;

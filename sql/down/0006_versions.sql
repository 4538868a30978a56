-- Takes 0006_versions.sql back.
alter table mgmt_cfg_sys_scope drop constraint mgmt_cfg_sys_scope_host_version_form;
alter table mgmt_cfg_sys_modules
    drop constraint mgmt_cfg_sys_modules_min_version_form,
    drop constraint mgmt_cfg_sys_modules_version_form;
drop function mgmt_range_contains(text, text);
drop function mgmt_range_is_valid(text);
drop function mgmt_range_alternatives(text);
drop function mgmt_range_bounds(text, text);
drop function mgmt_version_key(text);
drop function mgmt_version_is_valid(text);

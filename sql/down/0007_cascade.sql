-- Takes 0007_cascade.sql back.
drop function resolve_all_modules_for_org(text);
drop function resolve_all_modules_for_workspace(text);
drop function resolve_org_module_config(text, text);
drop function resolve_module_config(text, text);
drop function mgmt_resolve(text, text, text);
drop function mgmt_merge_config(text, jsonb, jsonb);
drop function mgmt_merge_patch(jsonb, jsonb);

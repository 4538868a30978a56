-- Takes 0004_commit.sql back.
drop function mgmt_with_position(json, bigint);
drop function mgmt_commit_changes(json);
drop function mgmt_make_changes(mgmt_change[]);
drop function mgmt_lock_scopes(mgmt_change[], text[], boolean);
drop function mgmt_revision_of(text, text);
drop function mgmt_version_start();
drop function mgmt_advance_scopes(mgmt_change[]);
drop function mgmt_apply_changes(mgmt_change[]);
drop function mgmt_read_changes(json);
drop type mgmt_outcome;
drop type mgmt_change;
drop function mgmt_scope_text(text, text);
drop function mgmt_override_json(boolean, jsonb, jsonb);
drop function mgmt_definition_json(mgmt_cfg_sys_modules);
drop function mgmt_provenance_after(jsonb, jsonb, jsonb, jsonb);
drop function mgmt_provenance_exceptions(jsonb, text, jsonb, jsonb, jsonb, jsonb);
drop function mgmt_provenance_of(jsonb, text);
drop function mgmt_mark(bigint, timestamptz, text);

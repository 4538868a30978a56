-- Takes 0003_logs.sql back.
drop function mgmt_roll_up_usage(date, date);
drop table mgmt_usage_modules_daily;
drop table mgmt_usage_modules;
drop table mgmt_log_audit;
drop table mgmt_log_changes;

-- Takes 0102_orleans_reminders.sql back.
delete from orleansquery where querykey in
    ('UpsertReminderRowKey', 'ReadReminderRowsKey', 'ReadReminderRowKey', 'ReadRangeRows1Key', 'ReadRangeRows2Key', 'DeleteReminderRowKey', 'DeleteReminderRowsKey');
drop view mgmt_cluster_reminders_read;
drop table mgmt_cluster_reminders;

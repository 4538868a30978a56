-- Takes 0013_commit_overrides.sql back.
drop function mgmt_commit_overrides(text[], text[], bigint[], timestamptz[], text[], text[], text[], text[], text[], text[], text[], jsonb[], int[], text[], boolean[], jsonb[], jsonb[], jsonb[]);

-- Ends that are no success are looked for among all tasks, and there are few of them.
CREATE INDEX rocketry_record_rare ON rocketry_record (id, action) WHERE action > 1;

-- The number of the last write, so that one whose outcome was not known is not made twice.
ALTER TABLE rocketry_state ADD COLUMN last_write BIGINT;

UPDATE rocketry_state SET version = 2;

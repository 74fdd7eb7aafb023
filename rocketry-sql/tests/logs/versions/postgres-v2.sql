-- Ends that are no success are looked for among all tasks, and there are few of them.
CREATE INDEX rocketry_record_rare ON rocketry_record (id, action) WHERE action > 1;

-- The records of open runs that were forgotten otherwise: an app that is started has to know them.
CREATE TABLE rocketry_kept (LIKE rocketry_record, PRIMARY KEY (id));

-- The number of the last write, so that one whose outcome was not known is not made twice.
ALTER TABLE rocketry_state ADD COLUMN last_write BIGINT;

UPDATE rocketry_state SET version = 2;

UPDATE rocketry_state SET last_write = 9;

-- Ends that are no success are looked for among all tasks, and there are few of them.
CREATE INDEX rocketry_record_rare ON rocketry_record (id, action) WHERE action > 1;

UPDATE rocketry_state SET version = 2;

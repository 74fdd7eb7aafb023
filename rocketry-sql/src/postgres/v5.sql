-- How far the instants at which runs were due and have started were from the numbers of their records at the most, in
-- microseconds: ahead, and behind. Of records that are there already that is not known.
ALTER TABLE rocketry_state ADD COLUMN due_ahead BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rocketry_state ADD COLUMN due_behind BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rocketry_state ADD COLUMN start_ahead BIGINT NOT NULL DEFAULT 0;
ALTER TABLE rocketry_state ADD COLUMN start_behind BIGINT NOT NULL DEFAULT 0;
UPDATE rocketry_state SET
    due_ahead = 9223372036854775807, due_behind = 9223372036854775807,
    start_ahead = 9223372036854775807, start_behind = 9223372036854775807
WHERE EXISTS (SELECT 1 FROM rocketry_record);

UPDATE rocketry_state SET version = 5;

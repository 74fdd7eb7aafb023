-- The tallies have a table of their own. It is written to when there is time, many rows at once; that of the tasks is
-- written to with the first record of each.
CREATE TABLE rocketry_tally (
    task            INTEGER PRIMARY KEY,
    run_count       INTEGER NOT NULL DEFAULT 0,
    last_run        INTEGER,
    success_count   INTEGER NOT NULL DEFAULT 0,
    last_success    INTEGER,
    fail_count      INTEGER NOT NULL DEFAULT 0,
    last_fail       INTEGER,
    terminate_count INTEGER NOT NULL DEFAULT 0,
    last_terminate  INTEGER,
    inaction_count  INTEGER NOT NULL DEFAULT 0,
    last_inaction   INTEGER,
    crash_count     INTEGER NOT NULL DEFAULT 0,
    last_crash      INTEGER,
    last_action     INTEGER,
    last_due        INTEGER,
    fails_in_row    INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO rocketry_tally
SELECT id,
    run_count, last_run, success_count, last_success, fail_count, last_fail, terminate_count, last_terminate,
    inaction_count, last_inaction, crash_count, last_crash, last_action, last_due, fails_in_row
FROM rocketry_task;
ALTER TABLE rocketry_task DROP COLUMN run_count;
ALTER TABLE rocketry_task DROP COLUMN last_run;
ALTER TABLE rocketry_task DROP COLUMN success_count;
ALTER TABLE rocketry_task DROP COLUMN last_success;
ALTER TABLE rocketry_task DROP COLUMN fail_count;
ALTER TABLE rocketry_task DROP COLUMN last_fail;
ALTER TABLE rocketry_task DROP COLUMN terminate_count;
ALTER TABLE rocketry_task DROP COLUMN last_terminate;
ALTER TABLE rocketry_task DROP COLUMN inaction_count;
ALTER TABLE rocketry_task DROP COLUMN last_inaction;
ALTER TABLE rocketry_task DROP COLUMN crash_count;
ALTER TABLE rocketry_task DROP COLUMN last_crash;
ALTER TABLE rocketry_task DROP COLUMN last_action;
ALTER TABLE rocketry_task DROP COLUMN last_due;
ALTER TABLE rocketry_task DROP COLUMN fails_in_row;

UPDATE rocketry_state SET version = 4;

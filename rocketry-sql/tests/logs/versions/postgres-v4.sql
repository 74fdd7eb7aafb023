-- The tallies have a table of their own. It is written to when there is time, many rows at once; that of the tasks is
-- written to with the first record of each.
CREATE TABLE rocketry_tally (
    task            BIGINT PRIMARY KEY,
    run_count       BIGINT NOT NULL DEFAULT 0,
    last_run        BIGINT,
    success_count   BIGINT NOT NULL DEFAULT 0,
    last_success    BIGINT,
    fail_count      BIGINT NOT NULL DEFAULT 0,
    last_fail       BIGINT,
    terminate_count BIGINT NOT NULL DEFAULT 0,
    last_terminate  BIGINT,
    inaction_count  BIGINT NOT NULL DEFAULT 0,
    last_inaction   BIGINT,
    crash_count     BIGINT NOT NULL DEFAULT 0,
    last_crash      BIGINT,
    last_action     BIGINT,
    last_due        BIGINT,
    fails_in_row    BIGINT NOT NULL DEFAULT 0
);
INSERT INTO rocketry_tally
SELECT id,
    run_count, last_run, success_count, last_success, fail_count, last_fail, terminate_count, last_terminate,
    inaction_count, last_inaction, crash_count, last_crash, last_action, last_due, fails_in_row
FROM rocketry_task;
ALTER TABLE rocketry_task
    DROP COLUMN run_count,
    DROP COLUMN last_run,
    DROP COLUMN success_count,
    DROP COLUMN last_success,
    DROP COLUMN fail_count,
    DROP COLUMN last_fail,
    DROP COLUMN terminate_count,
    DROP COLUMN last_terminate,
    DROP COLUMN inaction_count,
    DROP COLUMN last_inaction,
    DROP COLUMN crash_count,
    DROP COLUMN last_crash,
    DROP COLUMN last_action,
    DROP COLUMN last_due,
    DROP COLUMN fails_in_row;

UPDATE rocketry_state SET version = 4;

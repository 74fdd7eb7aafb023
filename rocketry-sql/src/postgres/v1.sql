-- The state of the log: a single row.
CREATE TABLE rocketry_state (
    version      BIGINT NOT NULL,
    -- The number of the last record that is rolled up into the tallies.
    rolled_up    BIGINT NOT NULL DEFAULT 0,
    -- How many records there are up to that number.
    records      BIGINT NOT NULL DEFAULT 0,
    -- The greatest distance between the number of a record and its instants, in microseconds: when it was created, and when
    -- its run was due and started.
    skew         BIGINT NOT NULL DEFAULT 0,
    due_ahead    BIGINT NOT NULL DEFAULT 0,
    due_behind   BIGINT NOT NULL DEFAULT 0,
    start_ahead  BIGINT NOT NULL DEFAULT 0,
    start_behind BIGINT NOT NULL DEFAULT 0,
    -- The greatest number of a run.
    last_run     BIGINT,
    -- The number of the last write, so that a write whose outcome was unknown is not repeated.
    last_write   BIGINT,
    -- The highest term of a write.
    term         BIGINT NOT NULL DEFAULT 0,
    -- The first stretch of blocks that is not in `rocketry_presence`.
    next_stretch BIGINT NOT NULL DEFAULT 0
);
INSERT INTO rocketry_state (version) VALUES (1);

-- Every task that has a record. A name may be longer than an index row, so only its beginning is indexed.
CREATE TABLE rocketry_task (
    id   BIGINT PRIMARY KEY,
    name TEXT   NOT NULL
);
CREATE INDEX rocketry_task_by_name ON rocketry_task (left(name, 500));

-- The tallies of tasks, written by roll-ups, many rows at once. A row of `rocketry_task` is written with the first record of
-- its task.
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

-- Blocks of consecutive records, each with the number of its first record.
CREATE TABLE rocketry_block (
    id    BIGINT PRIMARY KEY,
    first BIGINT NOT NULL
);

-- Which blocks contain records of a task, for each stretch of 32 blocks. Each bit of `blocks` is a block. `kind` is the action of
-- the records; starts and successes are one kind. A task that rarely runs is found without searching every block.
CREATE TABLE rocketry_presence (
    stretch BIGINT NOT NULL,
    task    BIGINT NOT NULL,
    kind    BIGINT NOT NULL,
    blocks  BIGINT NOT NULL,
    PRIMARY KEY (stretch, task, kind)
);

-- One row for each start and each end of a run, and for each skipped start. Instants are microseconds since 1970. The number
-- of a record is never less than the instant at which it was created. There is no foreign key for `task`, for speed.
CREATE TABLE rocketry_record (
    id          BIGINT PRIMARY KEY,
    block       BIGINT NOT NULL,
    task        BIGINT NOT NULL,
    -- A number in digits, or the name that the task gave to the run.
    run_id      TEXT    NOT NULL,
    action      BIGINT NOT NULL CHECK (action BETWEEN 0 AND 6),
    created     BIGINT NOT NULL,
    due         BIGINT NOT NULL,
    start       BIGINT NOT NULL,
    message     TEXT,
    exit_code   BIGINT,
    exit_signal BIGINT,
    output      TEXT,
    params      TEXT,
    result      TEXT,
    version     TEXT,
    -- What made the run start: `retry 2`, `request by alice`. `NULL` for a start by the statement.
    cause       TEXT,
    -- The runs whose ends let the run start, as JSON.
    upstream    TEXT
);
CREATE INDEX rocketry_record_by_task ON rocketry_record (block, task, action, id);
CREATE INDEX rocketry_record_by_run ON rocketry_record (left(run_id, 500));
-- For queries of ends that are not successes, of all tasks. There are few of them.
CREATE INDEX rocketry_record_rare ON rocketry_record (id, action) WHERE action > 1;

-- The start records of runs that had not ended at the last roll-up.
CREATE TABLE rocketry_open_run (
    record BIGINT PRIMARY KEY
);

-- Start records of open runs that retention has deleted from `rocketry_record`: an app needs them when it starts.
CREATE TABLE rocketry_kept (LIKE rocketry_record, PRIMARY KEY (id));

-- The facts. A key may be longer than an index row, so only its beginning is indexed.
CREATE TABLE rocketry_fact (
    key   TEXT NOT NULL,
    value TEXT NOT NULL
);
CREATE INDEX rocketry_fact_by_key ON rocketry_fact (left(key, 500));

-- For people, and for other programs.
CREATE VIEW rocketry_log AS
SELECT
    record.id,
    task.name AS task_name,
    record.run_id,
    CASE record.action WHEN 0 THEN 'run' WHEN 1 THEN 'success' WHEN 2 THEN 'fail' WHEN 3 THEN 'terminate'
        WHEN 4 THEN 'inaction' WHEN 5 THEN 'crash' WHEN 6 THEN 'skip' END AS action,
    to_timestamp(record.created / 1000000.0) AS created,
    to_timestamp(record.due / 1000000.0) AS due,
    to_timestamp(record.start / 1000000.0) AS start,
    CASE WHEN record.action BETWEEN 1 AND 5
        THEN to_timestamp(record.created / 1000000.0) END AS "end",
    CASE WHEN record.action BETWEEN 1 AND 5 THEN (record.created - record.start) / 1000000.0 END AS runtime,
    (record.start - record.due) / 1000000.0 AS lateness,
    record.message,
    record.exit_code,
    record.exit_signal,
    record.output,
    record.params,
    record.result,
    record.version,
    CASE WHEN record.action = 0 THEN coalesce(record.cause, 'statement') ELSE record.cause END AS cause,
    record.upstream
FROM rocketry_record AS record
LEFT JOIN rocketry_task AS task ON task.id = record.task;

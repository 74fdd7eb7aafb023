-- What the whole log has: one row.
CREATE TABLE rocketry_state (
    version      BIGINT NOT NULL,
    -- The tallies count the records up to this number.
    rolled_up    BIGINT NOT NULL DEFAULT 0,
    -- How many records there were up to that number.
    records      BIGINT NOT NULL DEFAULT 0,
    -- How far the instants of a record were from its number at most, in microseconds: when it was made, and when its run was
    -- due and started.
    skew         BIGINT NOT NULL DEFAULT 0,
    due_ahead    BIGINT NOT NULL DEFAULT 0,
    due_behind   BIGINT NOT NULL DEFAULT 0,
    start_ahead  BIGINT NOT NULL DEFAULT 0,
    start_behind BIGINT NOT NULL DEFAULT 0,
    -- The greatest number that a run had.
    last_run     BIGINT,
    -- The number of the last write, so that one whose outcome was not known is not made twice.
    last_write   BIGINT,
    -- The highest term of a write.
    term         BIGINT NOT NULL DEFAULT 0,
    -- The first stretch of blocks of which `rocketry_presence` knows nothing.
    next_stretch BIGINT NOT NULL DEFAULT 0
);
INSERT INTO rocketry_state (version) VALUES (1);

-- Every task that has a record. A name may be longer than a row of an index.
CREATE TABLE rocketry_task (
    id   BIGINT PRIMARY KEY,
    name TEXT   NOT NULL
);
CREATE INDEX rocketry_task_by_name ON rocketry_task (left(name, 500));

-- The tallies of tasks. They are written when there is time, many rows at once; a row of `rocketry_task` is written with the first
-- record of its task.
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

-- Some thousand records in a row, beginning with this one.
CREATE TABLE rocketry_block (
    id    BIGINT PRIMARY KEY,
    first BIGINT NOT NULL
);

-- In which blocks there are records of a task, for every 32 blocks in a row. A bit of `blocks` is a block; `kind` is the action of
-- the records, where starts and successes are one kind. With it, a task that hardly ever runs is not looked for in each block.
CREATE TABLE rocketry_presence (
    stretch BIGINT NOT NULL,
    task    BIGINT NOT NULL,
    kind    BIGINT NOT NULL,
    blocks  BIGINT NOT NULL,
    PRIMARY KEY (stretch, task, kind)
);

-- One row for each start and each end of a run. Instants are microseconds since 1970. The number of a record is never less
-- than the instant at which it was made. That `task` is that of a task is not checked with every row, for speed.
CREATE TABLE rocketry_record (
    id          BIGINT PRIMARY KEY,
    block       BIGINT NOT NULL,
    task        BIGINT NOT NULL,
    -- A whole number in digits, or the name that the task gave to the run.
    run_id      TEXT    NOT NULL,
    action      BIGINT NOT NULL CHECK (action BETWEEN 0 AND 5),
    created     BIGINT NOT NULL,
    due         BIGINT NOT NULL,
    start       BIGINT NOT NULL,
    message     TEXT,
    exit_code   BIGINT,
    exit_signal BIGINT,
    output      TEXT,
    params      TEXT,
    result      TEXT,
    version     TEXT
);
CREATE INDEX rocketry_record_by_task ON rocketry_record (block, task, action, id);
CREATE INDEX rocketry_record_by_run ON rocketry_record (left(run_id, 500));
-- Ends that are no success are looked for among all tasks, and there are few of them.
CREATE INDEX rocketry_record_rare ON rocketry_record (id, action) WHERE action > 1;

-- The starts of runs that had not ended when the tallies were written.
CREATE TABLE rocketry_open_run (
    record BIGINT PRIMARY KEY
);

-- The records of open runs that were forgotten otherwise: an app that is started has to know them.
CREATE TABLE rocketry_kept (LIKE rocketry_record, PRIMARY KEY (id));

-- What holds besides records. A key may be longer than a row of an index.
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
        WHEN 4 THEN 'inaction' WHEN 5 THEN 'crash' END AS action,
    to_timestamp(record.created / 1000000.0) AS created,
    to_timestamp(record.due / 1000000.0) AS due,
    to_timestamp(record.start / 1000000.0) AS start,
    CASE WHEN record.action > 0
        THEN to_timestamp(record.created / 1000000.0) END AS "end",
    CASE WHEN record.action > 0 THEN (record.created - record.start) / 1000000.0 END AS runtime,
    (record.start - record.due) / 1000000.0 AS lateness,
    record.message,
    record.exit_code,
    record.exit_signal,
    record.output,
    record.params,
    record.result,
    record.version
FROM rocketry_record AS record
LEFT JOIN rocketry_task AS task ON task.id = record.task;

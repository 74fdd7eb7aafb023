-- The state of the log: a single row.
CREATE TABLE rocketry_state (
    version      INTEGER NOT NULL,
    -- The number of the last record that is rolled up into the tallies.
    rolled_up    INTEGER NOT NULL DEFAULT 0,
    -- How many records there are up to that number.
    records      INTEGER NOT NULL DEFAULT 0,
    -- The greatest distance between the number of a record and its instants, in microseconds: when it was created, and when
    -- its run was due and started.
    skew         INTEGER NOT NULL DEFAULT 0,
    due_ahead    INTEGER NOT NULL DEFAULT 0,
    due_behind   INTEGER NOT NULL DEFAULT 0,
    start_ahead  INTEGER NOT NULL DEFAULT 0,
    start_behind INTEGER NOT NULL DEFAULT 0,
    -- The greatest number of a run.
    last_run     INTEGER,
    -- The highest term of a write.
    term         INTEGER NOT NULL DEFAULT 0,
    -- The first stretch of blocks that is not in `rocketry_presence`.
    next_stretch INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO rocketry_state (version) VALUES (1);

-- Every task that has a record.
CREATE TABLE rocketry_task (
    id   INTEGER PRIMARY KEY,
    name TEXT    NOT NULL UNIQUE
) STRICT;

-- The tallies of tasks, written by roll-ups, many rows at once. A row of `rocketry_task` is written with the first record of
-- its task.
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

-- Blocks of consecutive records, each with the number of its first record.
CREATE TABLE rocketry_block (
    id    INTEGER PRIMARY KEY,
    first INTEGER NOT NULL
) STRICT;

-- Which blocks contain records of a task, for each stretch of 32 blocks. Each bit of `blocks` is a block. `kind` is the action of
-- the records; starts and successes are one kind. A task that rarely runs is found without searching every block.
CREATE TABLE rocketry_presence (
    stretch INTEGER NOT NULL,
    task    INTEGER NOT NULL,
    kind    INTEGER NOT NULL,
    blocks  INTEGER NOT NULL,
    PRIMARY KEY (stretch, task, kind)
) STRICT, WITHOUT ROWID;

-- One row for each start and each end of a run, and for each skipped start. Instants are microseconds since 1970. The number
-- of a record is never less than the instant at which it was created. There is no foreign key for `task`, for speed.
CREATE TABLE rocketry_record (
    id          INTEGER PRIMARY KEY,
    block       INTEGER NOT NULL,
    task        INTEGER NOT NULL,
    -- A number, or the name that the task gave to the run.
    run_id      ANY     NOT NULL,
    action      INTEGER NOT NULL CHECK (action BETWEEN 0 AND 6),
    created     INTEGER NOT NULL,
    due         INTEGER NOT NULL,
    start       INTEGER NOT NULL,
    message     TEXT,
    exit_code   INTEGER,
    exit_signal INTEGER,
    output      TEXT,
    params      TEXT,
    result      TEXT,
    version     TEXT,
    -- What made the run start: `retry 2`, `request by alice`. `NULL` for a start by the statement.
    cause       TEXT,
    -- The runs whose ends let the run start, as JSON.
    upstream    TEXT
) STRICT;
CREATE INDEX rocketry_record_by_task ON rocketry_record (block, task, action);
CREATE INDEX rocketry_record_by_run ON rocketry_record (run_id);
-- For queries of ends that are not successes, of all tasks. There are few of them.
CREATE INDEX rocketry_record_rare ON rocketry_record (id, action) WHERE action > 1;

-- The start records of runs that had not ended at the last roll-up.
CREATE TABLE rocketry_open_run (
    record INTEGER PRIMARY KEY
) STRICT;

-- Start records of open runs that retention has deleted from `rocketry_record`: an app needs them when it starts.
CREATE TABLE rocketry_kept (
    id          INTEGER PRIMARY KEY,
    block       INTEGER NOT NULL,
    task        INTEGER NOT NULL,
    run_id      ANY     NOT NULL,
    action      INTEGER NOT NULL,
    created     INTEGER NOT NULL,
    due         INTEGER NOT NULL,
    start       INTEGER NOT NULL,
    message     TEXT,
    exit_code   INTEGER,
    exit_signal INTEGER,
    output      TEXT,
    params      TEXT,
    result      TEXT,
    version     TEXT,
    -- What made the run start: `retry 2`, `request by alice`. `NULL` for a start by the statement.
    cause       TEXT,
    -- The runs whose ends let the run start, as JSON.
    upstream    TEXT
) STRICT;

-- The facts.
CREATE TABLE rocketry_fact (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- For people, and for other programs.
CREATE VIEW rocketry_log AS
SELECT
    record.id,
    task.name AS task_name,
    record.run_id,
    CASE record.action WHEN 0 THEN 'run' WHEN 1 THEN 'success' WHEN 2 THEN 'fail' WHEN 3 THEN 'terminate'
        WHEN 4 THEN 'inaction' WHEN 5 THEN 'crash' WHEN 6 THEN 'skip' END AS action,
    strftime('%Y-%m-%dT%H:%M:%fZ', record.created / 1000000.0, 'unixepoch') AS created,
    strftime('%Y-%m-%dT%H:%M:%fZ', record.due / 1000000.0, 'unixepoch') AS due,
    strftime('%Y-%m-%dT%H:%M:%fZ', record.start / 1000000.0, 'unixepoch') AS start,
    CASE WHEN record.action BETWEEN 1 AND 5
        THEN strftime('%Y-%m-%dT%H:%M:%fZ', record.created / 1000000.0, 'unixepoch') END AS "end",
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

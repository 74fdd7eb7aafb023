-- What the whole log has: one row.
CREATE TABLE rocketry_state (
    version      INTEGER NOT NULL,
    -- The tallies count the records up to this number.
    rolled_up    INTEGER NOT NULL DEFAULT 0,
    -- How many records there were up to that number.
    records      INTEGER NOT NULL DEFAULT 0,
    -- How far the instants of a record were from its number at most, in microseconds: when it was made, and when its run was
    -- due and started.
    skew         INTEGER NOT NULL DEFAULT 0,
    due_ahead    INTEGER NOT NULL DEFAULT 0,
    due_behind   INTEGER NOT NULL DEFAULT 0,
    start_ahead  INTEGER NOT NULL DEFAULT 0,
    start_behind INTEGER NOT NULL DEFAULT 0,
    -- The greatest number that a run had.
    last_run     INTEGER,
    -- The highest term of a write.
    term         INTEGER NOT NULL DEFAULT 0,
    -- The first stretch of blocks of which `rocketry_presence` knows nothing.
    next_stretch INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO rocketry_state (version) VALUES (1);

-- Every task that has a record.
CREATE TABLE rocketry_task (
    id   INTEGER PRIMARY KEY,
    name TEXT    NOT NULL UNIQUE
) STRICT;

-- The tallies of tasks. They are written when there is time, many rows at once; a row of `rocketry_task` is written with the first
-- record of its task.
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

-- Some thousand records in a row, beginning with this one.
CREATE TABLE rocketry_block (
    id    INTEGER PRIMARY KEY,
    first INTEGER NOT NULL
) STRICT;

-- In which blocks there are records of a task, for every 32 blocks in a row. A bit of `blocks` is a block; `kind` is the action of
-- the records, where starts and successes are one kind. With it, a task that hardly ever runs is not looked for in each block.
CREATE TABLE rocketry_presence (
    stretch INTEGER NOT NULL,
    task    INTEGER NOT NULL,
    kind    INTEGER NOT NULL,
    blocks  INTEGER NOT NULL,
    PRIMARY KEY (stretch, task, kind)
) STRICT, WITHOUT ROWID;

-- One row for each start and each end of a run. Instants are microseconds since 1970. The number of a record is never less
-- than the instant at which it was made. That `task` is that of a task is not checked with every row, for speed.
CREATE TABLE rocketry_record (
    id          INTEGER PRIMARY KEY,
    block       INTEGER NOT NULL,
    task        INTEGER NOT NULL,
    -- A whole number, or the name that the task gave to the run.
    run_id      ANY     NOT NULL,
    action      INTEGER NOT NULL CHECK (action BETWEEN 0 AND 5),
    created     INTEGER NOT NULL,
    due         INTEGER NOT NULL,
    start       INTEGER NOT NULL,
    message     TEXT,
    exit_code   INTEGER,
    exit_signal INTEGER,
    output      TEXT,
    params      TEXT,
    result      TEXT,
    version     TEXT
) STRICT;
CREATE INDEX rocketry_record_by_task ON rocketry_record (block, task, action);
CREATE INDEX rocketry_record_by_run ON rocketry_record (run_id);
-- Ends that are no success are looked for among all tasks, and there are few of them.
CREATE INDEX rocketry_record_rare ON rocketry_record (id, action) WHERE action > 1;

-- The starts of runs that had not ended when the tallies were written.
CREATE TABLE rocketry_open_run (
    record INTEGER PRIMARY KEY
) STRICT;

-- The records of open runs that were forgotten otherwise: an app that is started has to know them.
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
    version     TEXT
) STRICT;

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
        WHEN 4 THEN 'inaction' WHEN 5 THEN 'crash' END AS action,
    strftime('%Y-%m-%dT%H:%M:%fZ', record.created / 1000000.0, 'unixepoch') AS created,
    strftime('%Y-%m-%dT%H:%M:%fZ', record.due / 1000000.0, 'unixepoch') AS due,
    strftime('%Y-%m-%dT%H:%M:%fZ', record.start / 1000000.0, 'unixepoch') AS start,
    CASE WHEN record.action > 0
        THEN strftime('%Y-%m-%dT%H:%M:%fZ', record.created / 1000000.0, 'unixepoch') END AS "end",
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

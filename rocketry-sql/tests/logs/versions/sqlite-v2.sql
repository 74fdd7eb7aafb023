-- Ends that are no success are looked for among all tasks, and there are few of them.
CREATE INDEX rocketry_record_rare ON rocketry_record (id, action) WHERE action > 1;

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

UPDATE rocketry_state SET version = 2;

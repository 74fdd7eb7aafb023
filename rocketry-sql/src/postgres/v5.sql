-- Runs that the leader hands over to other nodes.

-- The leader that hands over: a single row, and none before the first lead.
CREATE TABLE rocketry_work_lead (
    id    BIGINT PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    term  BIGINT NOT NULL,
    -- The batch that was handed over last, so that one that is repeated is not added twice.
    batch BIGINT
);

CREATE TABLE rocketry_work (
    -- The order in which jobs were handed over.
    number     BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key        TEXT    NOT NULL UNIQUE,
    -- The lane that a node must have; NULL for any node.
    lane       TEXT,
    text       TEXT    NOT NULL,
    attempt    INTEGER NOT NULL DEFAULT 1,
    -- The worker that holds the job or has ended it.
    worker     TEXT,
    is_stopped BOOLEAN NOT NULL DEFAULT false,
    -- The end that the worker has reported, once it has.
    ended      TEXT
);
CREATE INDEX rocketry_work_offered ON rocketry_work (number) WHERE worker IS NULL;
CREATE INDEX rocketry_work_held ON rocketry_work (worker) WHERE worker IS NOT NULL AND ended IS NULL;
CREATE INDEX rocketry_work_ended ON rocketry_work (number) WHERE ended IS NOT NULL;

-- How often each worker has extended its hold.
CREATE TABLE rocketry_worker (
    worker TEXT   PRIMARY KEY,
    beat   BIGINT NOT NULL
);

UPDATE rocketry_state SET version = 5;

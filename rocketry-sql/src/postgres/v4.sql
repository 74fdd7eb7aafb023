-- The nodes, as they were last heard of. Each node writes its row anew every few seconds, so the rows need not survive a crash of
-- the server.
CREATE UNLOGGED TABLE rocketry_node (
    -- What tells the node from others of its name, and from itself before a restart.
    instance          TEXT        PRIMARY KEY,
    name              TEXT        NOT NULL,
    -- The version of its app.
    version           TEXT,
    lanes             TEXT[]      NOT NULL,
    -- How many runs it makes.
    runs              BIGINT      NOT NULL,
    is_draining       BOOLEAN     NOT NULL,
    -- When it was started, in microseconds since 1970, by its own clock.
    started           BIGINT      NOT NULL,
    -- When it was last heard of, by the clock of the server.
    seen              TIMESTAMPTZ NOT NULL,
    -- Whether the node was asked to drain.
    is_asked_to_drain BOOLEAN     NOT NULL DEFAULT false
) WITH (fillfactor = 50);

UPDATE rocketry_state SET version = 4;

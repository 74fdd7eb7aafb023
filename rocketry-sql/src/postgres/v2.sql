-- Logs that several nodes share.

-- How often a node has written: a node that finds another number than its own has to read the state again.
ALTER TABLE rocketry_state ADD COLUMN writes BIGINT NOT NULL DEFAULT 0;

-- What starts have claimed, so that no other node makes them: the MD5 of each claim, and when it was made, in microseconds
-- since 1970.
CREATE TABLE rocketry_claim (
    key  BYTEA  PRIMARY KEY,
    made BIGINT NOT NULL
);
CREATE INDEX rocketry_claim_by_made ON rocketry_claim (made);

-- The lead among the nodes: a single row, and none before the first lead.
CREATE TABLE rocketry_lease (
    id       BIGINT  PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    -- Rises with each change. A change names the number that it expects.
    revision BIGINT  NOT NULL,
    term     BIGINT  NOT NULL,
    -- The node that leads, or led last: its name, and what tells it from others of that name.
    node     TEXT    NOT NULL,
    instance TEXT    NOT NULL,
    is_held  BOOLEAN NOT NULL
);

UPDATE rocketry_state SET version = 2;

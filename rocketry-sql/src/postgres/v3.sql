-- Calls by which nodes that stand by have the leader make requests and changes.
CREATE TABLE rocketry_call (
    -- The order in which calls are made.
    number       BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- When it was handed in, in microseconds since 1970.
    made         BIGINT  NOT NULL,
    call         TEXT    NOT NULL,
    -- A leader has taken it up, so it can't be withdrawn any more.
    is_taken     BOOLEAN NOT NULL DEFAULT false,
    is_withdrawn BOOLEAN NOT NULL DEFAULT false,
    -- The answer of the leader, once there is one.
    answer       TEXT
);
CREATE INDEX rocketry_call_by_made ON rocketry_call (made);

UPDATE rocketry_state SET version = 3;

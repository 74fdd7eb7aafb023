-- In which blocks there are records of a task, for every 32 blocks in a row. A bit of `blocks` is a block; `kind` is the action of
-- the records, where starts and successes are one kind. With it, a task that hardly ever runs is not looked for in each block.
CREATE TABLE rocketry_presence (
    stretch BIGINT NOT NULL,
    task    BIGINT NOT NULL,
    kind    BIGINT NOT NULL,
    blocks  BIGINT NOT NULL,
    PRIMARY KEY (stretch, task, kind)
);

-- The first stretch of which that is not known. Blocks that are there already are gone through bit by bit.
ALTER TABLE rocketry_state ADD COLUMN surveyed BIGINT NOT NULL DEFAULT 0;

UPDATE rocketry_state SET version = 3, surveyed = (SELECT coalesce(min(id), 0) / 32 FROM rocketry_block);

-- In which blocks there are records of a task, for every 32 blocks in a row. A bit of `blocks` is a block; `kind` is the action of
-- the records, where starts and successes are one kind. With it, a task that hardly ever runs is not looked for in each block.
CREATE TABLE rocketry_presence (
    stretch INTEGER NOT NULL,
    task    INTEGER NOT NULL,
    kind    INTEGER NOT NULL,
    blocks  INTEGER NOT NULL,
    PRIMARY KEY (stretch, task, kind)
) STRICT, WITHOUT ROWID;

-- The first stretch of which that is not known. Blocks that are there already are gone through bit by bit.
ALTER TABLE rocketry_state ADD COLUMN surveyed INTEGER NOT NULL DEFAULT 0;

UPDATE rocketry_state SET version = 3, surveyed = (SELECT coalesce(min(id), 0) / 32 FROM rocketry_block);

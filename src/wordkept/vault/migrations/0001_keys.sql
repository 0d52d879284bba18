-- Keys, both stores. Only wrapped keys are here; the root that opens the epoch key never enters the database.
-- These tables are reference or local tables where the vault is distributed: none is per person but value_key.

-- name: epoch
-- One row: which root is in force and how far a turn of the epoch has come. seq counts every change of it.
CREATE TABLE epoch (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    root bigint NOT NULL,
    phase text NOT NULL CHECK (phase IN ('rest', 'wrap', 'destroy')),
    seq bigint NOT NULL DEFAULT 1
);

-- name: epoch_key
-- The only thing a root wraps. A row goes when the phase becomes 'destroy', and with it the right to name its root.
CREATE TABLE epoch_key (
    epoch bigint PRIMARY KEY,
    wrapped bytea NOT NULL
);

-- name: index_key
-- Per epoch: the key of the blind index, and the key that normalised values are hashed under, wrapped anew each time.
CREATE TABLE index_key (
    epoch bigint PRIMARY KEY REFERENCES epoch_key,
    wrapped bytea NOT NULL,
    search bytea NOT NULL
);

-- name: shard
-- How many of a shard's 4,096 places are given out; places are reserved in blocks, outside the acting transaction.
CREATE TABLE shard (
    shard bigint PRIMARY KEY,
    used integer NOT NULL CHECK (used BETWEEN 0 AND 4096)
);

-- name: shard_with_places
CREATE INDEX shard_with_places ON shard (shard) WHERE used < 4096;

-- name: shard_generation
-- A shard's key of one generation, wrapped under the key of the epoch it names.
CREATE TABLE shard_generation (
    shard bigint NOT NULL REFERENCES shard,
    generation bigint NOT NULL,
    epoch bigint NOT NULL REFERENCES epoch_key,
    wrapped bytea NOT NULL,
    current boolean NOT NULL DEFAULT true,
    PRIMARY KEY (shard, generation)
);

-- name: shard_generation_current
CREATE UNIQUE INDEX shard_generation_current ON shard_generation (shard) WHERE current;

-- name: shard_generation_epoch
CREATE INDEX shard_generation_epoch ON shard_generation (epoch);

-- name: destruction_mark
-- Something wrapped under this generation was destroyed; final once the generation and every root it had are gone.
CREATE TABLE destruction_mark (
    shard bigint NOT NULL,
    generation bigint NOT NULL,
    final_epoch bigint,
    PRIMARY KEY (shard, generation)
);

-- name: destruction_mark_open
CREATE INDEX destruction_mark_open ON destruction_mark (shard, generation) WHERE final_epoch IS NULL;

-- name: lease
-- Who may have keys in memory, and until when; loaded is the epoch.seq that the process has read, holder the process as
-- others of its machine can look for it.
CREATE TABLE lease (
    process uuid PRIMARY KEY,
    loaded bigint NOT NULL,
    holder text NOT NULL,
    until timestamptz NOT NULL
);

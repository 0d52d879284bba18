-- Records and their keys, both stores; distributed by subject_id. 0001-01-01 is the day of a hold that never was,
-- null an open one. There is no foreign key from value_key to record: it would fire a row trigger for each record that
-- a sweep deletes. Both always go in one statement, and `unpaired` finds what does not match.

-- name: record
CREATE TABLE record (
    subject_id uuid NOT NULL,
    record_id uuid NOT NULL,
    item text NOT NULL,
    purpose text NOT NULL,
    matter text,
    method text,
    source text,
    statute text,
    version integer NOT NULL,
    rev integer NOT NULL,
    state text NOT NULL CHECK (state IN ('live', 'leaving', 'separated')),
    frozen boolean NOT NULL,
    released_on date,
    edition date NOT NULL,
    collected_on date NOT NULL,
    after integer NOT NULL,
    use_until date,
    keep_until date,
    not_before date,
    told integer NOT NULL,
    digest bytea NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (subject_id, record_id)
);

-- name: record_keep_until
CREATE INDEX record_keep_until ON record (keep_until) WHERE keep_until IS NOT NULL;

-- name: value_key
-- One key per stored value, apart from it, so that a backup can leave the keys out.
CREATE TABLE value_key (
    subject_id uuid NOT NULL,
    record_id uuid NOT NULL,
    version integer NOT NULL,
    shard bigint NOT NULL,
    generation bigint NOT NULL,
    wrapped bytea NOT NULL,
    PRIMARY KEY (subject_id, record_id, version),
    FOREIGN KEY (shard, generation) REFERENCES shard_generation
);

-- name: value_key_shard
CREATE INDEX value_key_shard ON value_key (shard, generation);

-- The live store: people, what happened to them, what they asked, and where to find them.

-- name: subject
-- standing is the folded history; seq the number of the last event in it. away: some records are in the separate
-- store. stale: that store must still be told of a change of holds.
CREATE TABLE subject (
    subject_id uuid PRIMARY KEY,
    seq integer NOT NULL,
    standing bytea NOT NULL,
    away boolean NOT NULL DEFAULT false,
    stale boolean NOT NULL DEFAULT false
);

-- name: subject_stale
CREATE INDEX subject_stale ON subject (subject_id) WHERE stale;

-- name: event
CREATE TABLE event (
    subject_id uuid NOT NULL,
    number integer NOT NULL,
    on_day date NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    matter text,
    to_what text,
    choice text,
    edition date,
    narrow boolean NOT NULL DEFAULT false,
    PRIMARY KEY (subject_id, number)
);

-- name: request
-- A request id makes a retry one act: outcome is what was answered the first time.
CREATE TABLE request (
    subject_id uuid NOT NULL,
    request_id uuid NOT NULL,
    outcome bytea NOT NULL,
    PRIMARY KEY (subject_id, request_id)
);

-- name: record_use_until
CREATE INDEX record_use_until ON record (use_until) WHERE state = 'live' AND use_until IS NOT NULL;

-- name: record_leaving
CREATE INDEX record_leaving ON record (subject_id) WHERE state = 'leaving';

-- name: blind
-- The blind index: distributed by entry, not by person. generation is the epoch under whose index key entry stands.
CREATE TABLE blind (
    generation bigint NOT NULL,
    item text NOT NULL,
    entry bytea NOT NULL,
    subject_id uuid NOT NULL,
    record_id uuid NOT NULL,
    PRIMARY KEY (generation, item, entry, record_id)
);

-- name: blind_record
CREATE INDEX blind_record ON blind (subject_id, record_id);

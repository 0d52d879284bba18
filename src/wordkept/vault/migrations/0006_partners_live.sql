-- What partners (recipients and processors) hold of people, and what they were ordered to do with it.

-- name: subject_shared
-- shared: a partner was given something of this person once; everybody else's acts need not look.
ALTER TABLE subject ADD COLUMN shared boolean NOT NULL DEFAULT false;

-- name: given
-- The ledger: what went to whom, when it went first and last, by which clauses, and until when it may be there. alias is
-- the person's pseudonym towards that partner. last: the order that ended use or keeping. No value.
CREATE TABLE given (
    subject_id uuid NOT NULL,
    party text NOT NULL,
    entrusted boolean NOT NULL,
    record_id uuid NOT NULL,
    item text NOT NULL,
    version integer NOT NULL,
    since date NOT NULL,
    on_day date NOT NULL,
    after integer NOT NULL,
    clauses text[] NOT NULL,
    matter text,
    purpose text,
    reason text,
    alias uuid NOT NULL,
    use_until date,
    keep_until date,
    last text,
    ended_on date,
    PRIMARY KEY (subject_id, party, entrusted, record_id)
);

-- name: given_use_until
CREATE INDEX given_use_until ON given (use_until) WHERE last IS NULL AND ended_on IS NULL;

-- name: given_keep_until
CREATE INDEX given_keep_until ON given (keep_until) WHERE ended_on IS NULL AND (last IS NULL OR last = 'stop-use');

-- name: partner_order
-- The outbox, written with the act. place orders what one partner hears of one person. settled: it was done, or there
-- was nothing to do it to. Values are never here; they are read when an order is sent.
CREATE TABLE partner_order (
    subject_id uuid NOT NULL,
    order_id uuid NOT NULL,
    place bigint GENERATED ALWAYS AS IDENTITY,
    party text NOT NULL,
    entrusted boolean NOT NULL,
    alias uuid NOT NULL,
    kind text NOT NULL,
    items text[] NOT NULL,
    records uuid[] NOT NULL,
    clauses text[] NOT NULL,
    on_day date NOT NULL,
    tell_by date NOT NULL,
    answer_by date,
    next_try timestamptz NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    told_at timestamptz,
    answer text,
    answered_at timestamptz,
    settled boolean NOT NULL DEFAULT false,
    PRIMARY KEY (subject_id, order_id)
);

-- name: partner_order_open
CREATE INDEX partner_order_open ON partner_order (next_try) WHERE NOT settled;

-- What the live store remembers to finish elsewhere or later.

-- name: wish
-- Deletion was asked of a record that is not live, and allowed, or left only what must be kept: the separate store has
-- still to do it or to be told. Written with the act, taken back when done: a crash in between loses no one's wish,
-- nor the day of it.
CREATE TABLE wish (
    subject_id uuid NOT NULL,
    record_id uuid NOT NULL,
    on_day date NOT NULL,
    PRIMARY KEY (subject_id, record_id)
);

-- name: projected
-- One row: the edition (its digest) under which every record's days were last computed.
CREATE TABLE projected (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    edition text NOT NULL
);

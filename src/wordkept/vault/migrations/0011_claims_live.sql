-- What people ask of right, and how far it has come.

-- name: claim
-- Names of items, consents and grounds, each of a closed list or of the policy; no value, no word of anybody's own.
-- act_on: first day for what cannot be undone. own_by, statute_by: last days for an answer, none where nothing says one.
CREATE TABLE claim (
    subject_id uuid NOT NULL,
    claim_id uuid NOT NULL,
    asked text NOT NULL,
    channel text NOT NULL,
    on_day date NOT NULL,
    clauses text[] NOT NULL,
    own_by date,
    statute_by date,
    act_on date NOT NULL,
    items text[] NOT NULL,
    consents text[] NOT NULL,
    turn text NOT NULL,
    turned_on date NOT NULL,
    ground text,
    PRIMARY KEY (subject_id, claim_id)
);

-- name: claim_open
CREATE INDEX claim_open ON claim (on_day) WHERE turn IN ('received', 'postponed');

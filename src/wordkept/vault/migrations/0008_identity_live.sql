-- How people prove who they are: what they were asked, and what they proved, each for minutes. No code, no value.

-- name: identity_challenge
-- What somebody was asked to show. digest: keyed, of what the right answer holds.
CREATE TABLE identity_challenge (
    subject_id uuid NOT NULL,
    challenge_id uuid NOT NULL,
    level text NOT NULL,
    digest bytea NOT NULL,
    made_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    answered boolean NOT NULL DEFAULT false,
    PRIMARY KEY (subject_id, challenge_id)
);

-- name: identity_challenge_made_at
CREATE INDEX identity_challenge_made_at ON identity_challenge (made_at);

-- name: identity_proof
-- What somebody proved, for whoever brings the token that it was answered with. digest: keyed, of that token.
CREATE TABLE identity_proof (
    subject_id uuid NOT NULL,
    proof_id uuid NOT NULL,
    level text NOT NULL,
    digest bytea NOT NULL,
    ends_at timestamptz NOT NULL,
    PRIMARY KEY (subject_id, proof_id)
);

-- name: identity_proof_ends_at
CREATE INDEX identity_proof_ends_at ON identity_proof (ends_at);

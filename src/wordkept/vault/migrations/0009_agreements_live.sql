-- The register of agreements with partners: the operator's own, nobody's personal data. A reference table where there
-- are several machines.

-- name: agreement
-- document, certificate: hex SHA-256 of papers kept beside the installation. One of a party is not ended at most.
CREATE TABLE agreement (
    agreement_id uuid PRIMARY KEY,
    party text NOT NULL,
    document text NOT NULL,
    country text NOT NULL,
    subprocessors text[] NOT NULL,
    begins date NOT NULL,
    ends date,
    inspect_by date,
    signed_on date NOT NULL,
    signed_by text NOT NULL,
    ended_on date,
    ended_by text,
    certify_by date,
    certificate text,
    certified_on date,
    certified_by text
);

-- name: agreement_open
CREATE UNIQUE INDEX agreement_open ON agreement (party) WHERE ended_on IS NULL;

-- name: agreement_tick
-- Which clauses an office has seen in an agreement: the policy's by the name of their span, a law's by its own.
CREATE TABLE agreement_tick (
    agreement_id uuid NOT NULL,
    clause text NOT NULL,
    ticked_on date NOT NULL,
    ticked_by text NOT NULL,
    PRIMARY KEY (agreement_id, clause)
);

-- name: agreement_inspection
CREATE TABLE agreement_inspection (
    agreement_id uuid NOT NULL,
    report text NOT NULL,
    inspected_on date NOT NULL,
    inspected_by text NOT NULL,
    PRIMARY KEY (agreement_id, report)
);

-- name: given_of_party
-- What a processor holds whose agreement has ended.
CREATE INDEX given_of_party ON given (party, subject_id)
WHERE entrusted AND ended_on IS NULL AND (last IS NULL OR last = 'stop-use');

-- What authorities asked about people, what was granted of it, and when its person is told. No value.

-- name: authority_request
-- document: hex SHA-256 of a paper kept beside the installation. granted: none until a second person has reviewed it.
CREATE TABLE authority_request (
    subject_id uuid NOT NULL,
    request_id uuid NOT NULL,
    authority text NOT NULL,
    ground text NOT NULL,
    document text NOT NULL,
    asked text[] NOT NULL,
    entered_on date NOT NULL,
    entered_by text NOT NULL,
    granted text[],
    reviewed_on date,
    reviewed_by text,
    tell_by date,
    told_on date,
    told_by text,
    closed_on date,
    PRIMARY KEY (subject_id, request_id)
);

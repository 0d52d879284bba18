-- What people were shown when they chose, so that it can be shown again.

-- name: event_shown
-- Of a consent: SHA-256 of the exact text, its language, by which way the choice came, and a signature over all of it
-- where somebody known chose. None of what happened before there were texts, or was brought in from elsewhere.
ALTER TABLE event
    ADD COLUMN text_digest bytea,
    ADD COLUMN language text,
    ADD COLUMN channel text,
    ADD COLUMN signature bytea;

-- name: consent_text
-- Every text under which somebody chose, by its SHA-256: a later version of the software may draw it otherwise.
CREATE TABLE consent_text (
    digest bytea PRIMARY KEY CHECK (digest = sha256(convert_to(body, 'UTF8'))),
    edition date NOT NULL,
    to_what text NOT NULL,
    language text NOT NULL,
    body text NOT NULL
);

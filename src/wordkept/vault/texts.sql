-- The texts of consents, by their digests.

-- name: file
INSERT INTO consent_text (digest, edition, to_what, language, body)
SELECT * FROM unnest(%(digests)s::bytea[], %(editions)s::date[], %(choices)s::text[], %(languages)s::text[],
                     %(bodies)s::text[])
ON CONFLICT DO NOTHING;

-- name: read
SELECT encode(digest, 'hex'), edition, to_what, language, body FROM consent_text WHERE digest = %(digest)s;

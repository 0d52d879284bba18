-- What people were asked to show, and what they proved.

-- name: asked_since
SELECT count(*) FROM identity_challenge WHERE subject_id = %(subject)s AND made_at > %(since)s;

-- name: ask
INSERT INTO identity_challenge (subject_id, challenge_id, level, digest, made_at, ends_at)
VALUES (%(subject)s, %(challenge)s, %(level)s, %(digest)s, %(now)s, %(ends)s);

-- name: try
-- Counts before anything is compared, so that nobody tries twice at once.
UPDATE identity_challenge SET tries = tries + 1
WHERE subject_id = %(subject)s AND challenge_id = %(challenge)s AND level = %(level)s
    AND NOT answered AND tries < %(most)s AND made_at <= %(now)s AND ends_at > %(now)s
RETURNING digest;

-- name: answered
UPDATE identity_challenge SET answered = true
WHERE subject_id = %(subject)s AND challenge_id = %(challenge)s AND NOT answered RETURNING 1;

-- name: prove
INSERT INTO identity_proof (subject_id, proof_id, level, digest, ends_at)
VALUES (%(subject)s, %(proof)s, %(level)s, %(digest)s, %(ends)s);

-- name: proved
SELECT level, digest FROM identity_proof
WHERE subject_id = %(subject)s AND proof_id = %(proof)s AND ends_at > %(now)s;

-- name: end_proofs
DELETE FROM identity_proof WHERE subject_id = %(subject)s;

-- name: forget_challenges
DELETE FROM identity_challenge WHERE made_at < %(before)s;

-- name: forget_proofs
DELETE FROM identity_proof WHERE ends_at < %(now)s;

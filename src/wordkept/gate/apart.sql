-- What is kept apart, seen from the gate: only through the functions that the keeper may call, one for each reason.

-- name: known
SELECT (known_of(person)).* FROM unnest(%(people)s::uuid[]) AS person;

-- name: own_view
SELECT * FROM open_own_view(%(person)s::uuid);

-- name: legal_request
SELECT * FROM open_legal_request(%(person)s::uuid, %(wanted)s::uuid[], %(document)s, %(first)s, %(second)s);

-- name: dispute
SELECT * FROM open_dispute(%(person)s::uuid, %(wanted)s::uuid[], %(first)s, %(second)s);

-- name: count
SELECT count(record_id) FROM record;

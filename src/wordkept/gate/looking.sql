-- What evidence says of one person, as the sealer's role reads it.

-- name: told
SELECT header, body FROM statement WHERE subject_id = %(subject)s ORDER BY hour, connection, number;

-- name: oldest_pending
SELECT count(first_number), extract(epoch FROM clock_timestamp() - min(at))::float8 FROM pending;

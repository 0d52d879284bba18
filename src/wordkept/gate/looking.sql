-- What evidence says of one person, as the sealer's role reads it.

-- name: told
-- In the order of the log, as far as it is sealed.
SELECT s.header, s.body FROM statement s
LEFT JOIN log_entry e ON e.connection = s.connection AND e.number = s.number
WHERE s.subject_id = %(subject)s
ORDER BY s.hour, e.log, e.position, s.connection, s.number;

-- name: oldest_pending
SELECT count(first_number), extract(epoch FROM clock_timestamp() - min(at))::float8 FROM pending;

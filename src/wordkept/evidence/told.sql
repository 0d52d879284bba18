-- name: of_subject
SELECT s.header, s.body, e.log, e.position
FROM statement AS s LEFT JOIN log_entry AS e ON e.connection = s.connection AND e.number = s.number
WHERE s.subject_id = %(subject)s
ORDER BY e.log NULLS LAST, e.position, s.hour, s.connection, s.number

-- name: of_class
SELECT s.header, s.body, e.log, e.position
FROM statement AS s LEFT JOIN log_entry AS e ON e.connection = s.connection AND e.number = s.number
WHERE s.class = %(class)s AND s.hour >= %(since)s
ORDER BY e.log NULLS LAST, e.position, s.hour, s.connection, s.number

-- name: open_months
-- One at a time: two would make the same partition.
SELECT evidence_open_months(%(now)s) FROM pg_advisory_xact_lock(7824742)

-- Reading a log for its check. Nothing here writes.

-- name: snapshot
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY

-- name: heads
SELECT log, size, root, opened_after FROM log_head ORDER BY log

-- name: nested
SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
    set_config('enable_seqscan', 'off', true), set_config('enable_sort', 'off', true), set_config('jit', 'off', true),
    set_config('enable_memoize', 'off', true)

-- name: entries
-- Every entry of a log with the statement it was made of, in the log's order.
SELECT e.position, e.header, e.digest, s.header, s.salt, s.body, uuid_send(s.subject_id)
FROM log_entry AS e LEFT JOIN statement AS s
    ON s.connection = e.connection AND s.number = e.number AND s.class = e.class AND s.hour = e.hour
WHERE e.log = %(log)s ORDER BY e.position

-- name: filed
-- Under which class and hour entries are filed, which decides when they are dropped; their headers say it too.
SELECT log, header, class, hour, min(position) FROM log_entry GROUP BY log, header, class, hour

-- name: dropped
SELECT class, before FROM statement_dropped

-- name: pending
SELECT connection, first_number, last_number, extract(epoch FROM clock_timestamp() - at)::float8 FROM pending

-- name: statements
SELECT count(*) FROM statement

-- name: unlisted
-- Statements that are neither in a log nor pending: whoever took them from pending meant them never to be sealed.
SELECT s.connection, s.number FROM statement AS s
WHERE NOT EXISTS (
    SELECT FROM log_entry AS e
    WHERE e.connection = s.connection AND e.number = s.number AND e.class = s.class AND e.hour = s.hour
) AND NOT EXISTS (
    SELECT FROM pending AS p WHERE p.connection = s.connection AND s.number BETWEEN p.first_number AND p.last_number
    AND p.class = s.class AND p.hour = s.hour
)
ORDER BY s.connection, s.number LIMIT 20

-- name: unmet
-- Pending numbers without their statement.
SELECT p.connection, n.number FROM pending AS p
CROSS JOIN LATERAL generate_series(p.first_number, p.last_number) AS n (number)
WHERE NOT EXISTS (
    SELECT FROM statement AS s
    WHERE s.connection = p.connection AND s.number = n.number AND s.class = p.class AND s.hour = p.hour
)
ORDER BY p.connection, n.number LIMIT 20

-- name: tallied
-- Whether any session has a later number than it has statements.
SELECT EXISTS (
    SELECT FROM (
        SELECT connection, count(*) AS times, max(number) AS highest FROM log_entry GROUP BY connection
        UNION ALL
        SELECT connection, sum(last_number - first_number + 1), max(last_number) FROM pending GROUP BY connection
    ) AS each GROUP BY connection HAVING sum(times) <> max(highest)
)

-- name: gaps
-- Numbers of one session that are nowhere although a later one is there.
WITH known AS (
    SELECT connection, number FROM log_entry
    UNION ALL
    SELECT connection, generate_series(first_number, last_number) FROM pending
), stepped AS (
    SELECT connection, number, lag(number, 1, 0::bigint) OVER (PARTITION BY connection ORDER BY number) AS before
    FROM known
)
SELECT connection, before + 1, number - 1 FROM stepped WHERE number > before + 1 ORDER BY connection, number LIMIT 20

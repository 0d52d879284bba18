-- Sealing: one sealer at a time, dense positions, and nothing signed before it is durable.

-- name: lock
SELECT pg_advisory_lock(7221045001)

-- name: unlock
SELECT pg_advisory_unlock(7221045001)

-- name: durable
SELECT current_setting('synchronous_commit') <> 'off' AND current_setting('fsync') = 'on'
    AND current_setting('full_page_writes') = 'on'

-- name: head
SELECT log, size, root, frontier, opened_after FROM log_head ORDER BY log DESC LIMIT 1 FOR UPDATE

-- name: open_log
INSERT INTO log_head (log, size, root, frontier, opened_after)
VALUES (%(log)s, 0, %(root)s, ''::bytea, %(opened_after)s)

-- name: nested
-- A range of pending is looked up by its key, whatever the statistics say of an always nearly empty table.
SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
    set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)

-- name: take
-- A portion of what is pending goes into the log, in whatever order it is met: any order of entries is a log.
WITH portion AS (
    SELECT row FROM (
        SELECT p.ctid AS row, sum(last_number - first_number + 1) OVER (ORDER BY p.ctid) AS upto
        FROM (SELECT ctid, first_number, last_number FROM pending LIMIT %(most)s) AS p
    ) AS counted
    WHERE upto <= %(most)s
), taken AS (
    DELETE FROM pending WHERE ctid = ANY (ARRAY(SELECT row FROM portion))
    RETURNING connection, first_number, last_number, hour, class
)
INSERT INTO log_entry (log, class, position, connection, number, hour, digest, header)
SELECT %(log)s, s.class, %(size)s + row_number() OVER () - 1, s.connection, s.number, s.hour, s.digest, s.header
FROM taken AS t JOIN statement AS s
    ON s.connection = t.connection AND s.number BETWEEN t.first_number AND t.last_number
    AND s.class = t.class AND s.hour = t.hour
RETURNING position, header, digest

-- name: enter
-- The first statement of a log goes in at once.
INSERT INTO log_entry (log, class, position, connection, number, hour, digest, header)
SELECT %(log)s, class, 0, connection, number, hour, digest, header
FROM statement WHERE connection = %(connection)s AND number = 1

-- name: settle_pending
DELETE FROM pending WHERE connection = %(connection)s

-- name: advance
UPDATE log_head SET size = %(size)s, root = %(root)s, frontier = %(frontier)s WHERE log = %(log)s

-- name: entries
SELECT header, digest FROM log_entry WHERE log = %(log)s AND position >= %(first)s AND position < %(last)s
ORDER BY position

-- What somebody with the owner's rights could do to the evidence; the demonstration does it, is caught, and undoes it.

-- name: chosen
-- The statement behind the entry in the middle of the newest log.
SELECT entry.position, entry.connection, entry.number, entry.class, entry.hour, length(statement.body) / 2 AS at
FROM log_entry AS entry
JOIN statement USING (connection, number, class, hour)
JOIN log_head AS head ON head.log = entry.log
WHERE head.log = (SELECT max(log) FROM log_head) AND entry.position >= head.size / 2
ORDER BY entry.position
LIMIT 1;

-- name: flip
-- One bit of one byte; the same again undoes it.
UPDATE statement SET body = set_byte(body, %(at)s, get_byte(body, %(at)s) # 1)
WHERE connection = %(connection)s AND number = %(number)s AND class = %(class)s AND hour = %(hour)s;

-- name: entry
SELECT e.log, e.position, s.header, s.salt, s.body
FROM log_entry AS e JOIN statement AS s
    ON s.connection = e.connection AND s.number = e.number AND s.class = e.class AND s.hour = e.hour
WHERE e.connection = %(connection)s AND e.number = %(number)s

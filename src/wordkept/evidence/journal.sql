-- Appending statements, in the acting transaction.

-- name: append_one
WITH told AS (
    INSERT INTO statement (connection, number, hour, subject_id, salt, digest, header, body, class)
    VALUES (%(connection)s, %(number)s, %(hour)s, %(subject)b, %(salt)b, %(digest)b, %(header)b, %(body)b, %(class)s)
)
INSERT INTO pending (connection, first_number, last_number, hour, class)
VALUES (%(connection)s, %(number)s, %(number)s, %(hour)s, %(class)s)

-- name: append_some
-- Statements of one header, numbered from first on; salts and digests one after another.
WITH told AS (
    INSERT INTO statement (connection, number, hour, subject_id, salt, digest, header, body, class)
    SELECT %(connection)s, %(first)s + at - 1, %(hour)s, subject, substr(%(salts)b, (at::integer - 1) * 16 + 1, 16),
        substr(%(digests)b, (at::integer - 1) * 32 + 1, 32), %(header)b, body, %(class)s
    FROM unnest(%(subjects)b::uuid[], %(bodies)b::bytea[]) WITH ORDINALITY AS one (subject, body, at)
)
INSERT INTO pending (connection, first_number, last_number, hour, class)
VALUES (%(connection)s, %(first)s, %(last)s, %(hour)s, %(class)s)

-- name: copy_many
COPY statement (connection, number, hour, subject_id, salt, digest, header, body, class) FROM STDIN (FORMAT binary)

-- name: pend
INSERT INTO pending (connection, first_number, last_number, hour, class)
VALUES (%(connection)s, %(first)s, %(last)s, %(hour)s, %(class)s)

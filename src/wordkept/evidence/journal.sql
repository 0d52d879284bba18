-- Appending statements, in the acting transaction.

-- name: append_one
WITH told AS (
    INSERT INTO statement (connection, number, hour, subject_id, salt, digest, header, body, class)
    VALUES (%(connection)s, %(number)s, %(hour)s, %(subject)s, %(salt)b, %(digest)b, %(header)b, %(body)b, %(class)s)
)
INSERT INTO pending (connection, first_number, last_number, hour, class)
VALUES (%(connection)s, %(number)s, %(number)s, %(hour)s, %(class)s)

-- name: append_some
-- Statements of one header, numbered from first on; salts and digests one after another, subjects null where none has one.
WITH told AS (
    INSERT INTO statement (connection, number, hour, subject_id, salt, digest, header, body, class)
    SELECT %(connection)s, %(first)s + at - 1, %(hour)s, subject, substr(%(salts)b::bytea, (at::integer - 1) * 16 + 1, 16),
        substr(%(digests)b::bytea, (at::integer - 1) * 32 + 1, 32), %(header)b, body, %(class)s
    FROM unnest(%(subjects)s::uuid[], %(bodies)b::bytea[]) WITH ORDINALITY AS one (subject, body, at)
)
INSERT INTO pending (connection, first_number, last_number, hour, class)
VALUES (%(connection)s, %(first)s, %(last)s, %(hour)s, %(class)s)

-- name: copy_many
COPY statement (connection, number, hour, subject_id, salt, digest, header, body, class) FROM STDIN (FORMAT binary)

-- name: pend
INSERT INTO pending (connection, first_number, last_number, hour, class)
VALUES (%(connection)s, %(first)s, %(last)s, %(hour)s, %(class)s)

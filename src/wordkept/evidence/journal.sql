-- Appending statements, in the acting transaction.

-- name: append_one
WITH told AS (
    INSERT INTO statement (connection, number, hour, subject_id, salt, digest, header, body, class)
    VALUES (%(connection)s, %(number)s, %(hour)s, %(subject)s, %(salt)s, %(digest)s, %(header)s, %(body)s, %(class)s)
)
INSERT INTO pending (connection, first_number, last_number, hour, class)
VALUES (%(connection)s, %(number)s, %(number)s, %(hour)s, %(class)s)

-- name: append_some
-- Statements of one class and hour, numbered from first on.
WITH told AS (
    INSERT INTO statement (connection, number, hour, subject_id, salt, digest, header, body, class)
    SELECT %(connection)s, %(first)s + at - 1, %(hour)s, subject, salt, digest, header, body, %(class)s
    FROM unnest(%(subjects)s::uuid[], %(salts)s::bytea[], %(digests)s::bytea[], %(headers)s::bytea[],
                %(bodies)s::bytea[]) WITH ORDINALITY AS one (subject, salt, digest, header, body, at)
)
INSERT INTO pending (connection, first_number, last_number, hour, class)
VALUES (%(connection)s, %(first)s, %(last)s, %(hour)s, %(class)s)

-- name: copy_many
COPY statement (connection, number, hour, subject_id, salt, digest, header, body, class) FROM STDIN (FORMAT binary)

-- name: pend
INSERT INTO pending (connection, first_number, last_number, hour, class)
VALUES (%(connection)s, %(first)s, %(last)s, %(hour)s, %(class)s)

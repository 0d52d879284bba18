-- Evidence, both databases: statements as they were hashed, and the log that orders them. All are local tables where
-- the vault is distributed: a log has one order. Nothing here is ever updated but log_head.
--
-- Grants that roles of daily work need (the vault grants them, the owner keeps the rest):
--   every role that acts:  INSERT on statement, pending; EXECUTE on evidence_swept
--   who seals:             SELECT, INSERT on statement and log_entry; SELECT, INSERT, DELETE on pending;
--                          SELECT, INSERT, UPDATE on log_head
--   who verifies:          SELECT on statement, pending, log_entry, log_head, statement_dropped, and record (census)
-- Nobody is granted UPDATE or DELETE on statement or log_entry.

-- name: statement
-- One row per statement. connection is a number drawn for each database session, number counts its statements from 1.
-- The primary key holds the partition columns; verify finds a (connection, number) that stands twice.
CREATE TABLE statement (
    connection bigint NOT NULL,
    number bigint NOT NULL CHECK (number > 0),
    hour timestamptz NOT NULL,
    subject_id uuid,
    salt bytea NOT NULL,
    digest bytea NOT NULL,
    header bytea NOT NULL,
    body bytea NOT NULL,
    class text NOT NULL,
    PRIMARY KEY (connection, number, class, hour)
) PARTITION BY LIST (class);

-- name: statement_act
CREATE TABLE statement_act PARTITION OF statement FOR VALUES IN ('act') PARTITION BY RANGE (hour);

-- name: statement_refusal
CREATE TABLE statement_refusal PARTITION OF statement FOR VALUES IN ('refusal') PARTITION BY RANGE (hour);

-- name: statement_destruction
CREATE TABLE statement_destruction PARTITION OF statement FOR VALUES IN ('destruction') PARTITION BY RANGE (hour);

-- name: statement_system
CREATE TABLE statement_system PARTITION OF statement FOR VALUES IN ('system') PARTITION BY RANGE (hour);

-- name: statement_act_rest
-- What no month was opened for.
CREATE TABLE statement_act_rest PARTITION OF statement_act DEFAULT;

-- name: statement_refusal_rest
CREATE TABLE statement_refusal_rest PARTITION OF statement_refusal DEFAULT;

-- name: statement_destruction_rest
CREATE TABLE statement_destruction_rest PARTITION OF statement_destruction DEFAULT;

-- name: statement_system_rest
CREATE TABLE statement_system_rest PARTITION OF statement_system DEFAULT;

-- name: statement_subject
CREATE INDEX statement_subject ON statement (subject_id) WHERE subject_id IS NOT NULL;

-- name: statement_dropped
-- Which statements were lawfully dropped: all of a class before an hour. Their headers stay in log_entry.
CREATE TABLE statement_dropped (
    class text PRIMARY KEY,
    before timestamptz NOT NULL
);

-- name: pending
-- What is not sealed yet, as ranges of numbers: a batch of ten thousand is one row. Written by the same transaction as
-- the statements, deleted by the sealer; no index, because the sealer reads all of it. at is for the lag alone.
CREATE TABLE pending (
    connection bigint NOT NULL,
    first_number bigint NOT NULL,
    last_number bigint NOT NULL,
    hour timestamptz NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    class text NOT NULL,
    CHECK (first_number <= last_number AND last_number < first_number + 10000)
);

-- name: log_head
-- One row per log; the highest is the current one. frontier is the tree reduced to what appending needs. opened_after:
-- of a log opened after a restore, the text of the last checkpoint known before it.
CREATE TABLE log_head (
    log integer PRIMARY KEY CHECK (log > 0),
    size bigint NOT NULL,
    root bytea NOT NULL,
    frontier bytea NOT NULL,
    opened_after text
);

-- name: log_entry
-- The log. The header stays for ever, and with digest = SHA-256(salt || body) it gives the leaf, also when salt and
-- body are gone. Inner nodes are not stored: tiles outside hold them, and whoever lost the tiles makes them again from here.
-- No foreign key to log_head: it would fire a row trigger for each entry to watch one row.
CREATE TABLE log_entry (
    log integer NOT NULL,
    class text NOT NULL,
    position bigint NOT NULL,
    connection bigint NOT NULL,
    number bigint NOT NULL,
    hour timestamptz NOT NULL,
    digest bytea NOT NULL,
    header bytea NOT NULL,
    PRIMARY KEY (log, position)
);

-- name: log_entry_statement
-- No statement is sealed twice; a receipt finds its entry.
CREATE UNIQUE INDEX log_entry_statement ON log_entry (connection, number);

-- name: evidence_swept
-- One statement for each person of a sweep, naming their records, in the command that swept them:
--   WITH gone AS (DELETE ... RETURNING subject_id, record_id, version)
--   SELECT evidence_swept(..., array_agg(subject_id), array_agg(record_id), array_agg(version)) FROM gone
-- pieces are those of a template without sealed digests; salts holds 16 fresh random bytes for each person at most.
-- Returns how many statements; their numbers start at first.
CREATE FUNCTION evidence_swept(
    connection bigint, first bigint, class text, hour timestamptz, header bytea, pieces bytea[], salts bytea,
    subjects uuid[], records uuid[], versions integer[]
) RETURNS bigint LANGUAGE sql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
    WITH cut AS (
        SELECT convert_from($6[1], 'UTF8') AS one, convert_from($6[2], 'UTF8') AS two,
            convert_from($6[3], 'UTF8') AS three, convert_from($6[4], 'UTF8') AS four
    ), people AS MATERIALIZED (
        SELECT row_number() OVER () AS at, g.subject, convert_to(
            cut.one || g.named || cut.three || replace(g.subject::text, '-', '') || cut.four, 'UTF8') AS body
        FROM cut, LATERAL (
            SELECT r.subject, string_agg(replace(r.record::text, '-', '') || cut.two || r.version, '},{"id":"') AS named
            FROM unnest(subjects, records, versions) AS r (subject, record, version) GROUP BY r.subject
        ) AS g
    ), told AS (
        INSERT INTO public.statement (connection, number, hour, subject_id, salt, digest, header, body, class)
        SELECT $1, $2 + p.at - 1, $4, p.subject, s.salt, sha256(s.salt || p.body), $5, p.body, $3
        FROM people AS p
        CROSS JOIN LATERAL (SELECT substr($7, ((p.at - 1) * 16 + 1)::integer, 16) AS salt) AS s
    )
    INSERT INTO public.pending (connection, first_number, last_number, hour, class)
    SELECT $1, $2 + part, least($2 + part + 9999, $2 + n - 1), $4, $3
    FROM (SELECT count(*) AS n FROM people) AS c, generate_series(0, n - 1, 10000) AS part;
    SELECT count(DISTINCT subject) FROM unnest(subjects) AS subject
$$;

-- name: evidence_open_months
-- Partitions for the month of an instant and the next one. The owner calls it ahead of time; what already lies in the
-- rest stays there. A month is one in UTC.
CREATE FUNCTION evidence_open_months(instant timestamptz) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    kept text;
    month timestamptz;
    name text;
    taken boolean;
BEGIN
    FOREACH kept IN ARRAY ARRAY['act', 'refusal', 'destruction', 'system'] LOOP
        FOR month IN SELECT date_trunc('month', instant) + step * interval '1 month' FROM (VALUES (0), (1)) AS s (step)
        LOOP
            name := format('statement_%s_%s', kept, to_char(month, 'YYYY_MM'));
            CONTINUE WHEN to_regclass(format('public.%I', name)) IS NOT NULL;
            EXECUTE format('SELECT EXISTS (SELECT FROM public.%I WHERE hour >= $1 AND hour < $2)',
                           format('statement_%s_rest', kept))
                INTO taken USING month, month + interval '1 month';
            CONTINUE WHEN taken;
            EXECUTE format('CREATE TABLE public.%I PARTITION OF public.%I FOR VALUES FROM (%L) TO (%L)', name,
                           format('statement_%s', kept), month, month + interval '1 month');
        END LOOP;
    END LOOP;
END
$$;

-- name: evidence_revoke
REVOKE ALL ON FUNCTION
    evidence_swept(bigint, bigint, text, timestamptz, bytea, bytea[], bytea, uuid[], uuid[], integer[]),
    evidence_open_months(timestamptz) FROM PUBLIC;

-- name: census
-- Per record, from the bodies as they were hashed: which versions were opened and how often the record was closed;
-- compared both ways with the records that are there. opens and closes are lists of predicates.
WITH said AS (
    SELECT convert_from(header, 'SQL_ASCII')::jsonb ->> 'predicate' AS predicate, named ->> 'id' AS id,
        (named ->> 'version')::bigint AS version, convert_from(body, 'SQL_ASCII')::jsonb ->> 'subject' AS subject
    FROM statement CROSS JOIN LATERAL
        jsonb_array_elements(coalesce(convert_from(body, 'SQL_ASCII')::jsonb -> 'records', '[]')) AS named
    WHERE class IN ('act', 'destruction')
), openings AS (
    SELECT subject::uuid AS subject_id, id::uuid AS record_id, version,
        count(*) FILTER (WHERE predicate <> 'arrived') + count(DISTINCT predicate) FILTER (WHERE predicate = 'arrived')
            AS times -- a record whose holds changed on its way arrives again
    FROM said WHERE predicate = ANY (%(opens)s) GROUP BY 1, 2, 3
), latest AS (
    SELECT DISTINCT ON (subject_id, record_id) subject_id, record_id, version, times
    FROM openings ORDER BY subject_id, record_id, version DESC
), closings AS (
    SELECT subject::uuid AS subject_id, id::uuid AS record_id, count(*) AS times
    FROM said WHERE predicate = ANY (%(closes)s) GROUP BY 1, 2
), compared AS (
    SELECT subject_id, record_id, r.version AS kept, l.version AS opened, coalesce(l.times, 0) AS times,
        coalesce(c.times, 0) AS closed
    FROM record AS r FULL JOIN latest AS l USING (subject_id, record_id)
        FULL JOIN closings AS c USING (subject_id, record_id)
)
SELECT subject_id, record_id,
    CASE
        WHEN kept IS NOT NULL AND opened IS NULL THEN 'unstated'
        WHEN kept IS NOT NULL AND closed > 0 THEN 'closed-but-there'
        WHEN kept IS NOT NULL AND opened <> kept THEN 'another-version'
        WHEN opened IS NULL THEN 'closed-but-never-opened'
        WHEN times > 1 THEN 'opened-twice'
        WHEN closed > 1 THEN 'closed-twice'
        ELSE 'missing'
    END
FROM compared
WHERE CASE WHEN kept IS NULL THEN opened IS NULL OR closed <> 1 OR times <> 1
           ELSE opened IS NULL OR closed > 0 OR opened <> kept OR times <> 1 END
ORDER BY subject_id, record_id

-- name: counted
SELECT count(*) FROM record

-- name: snapshot
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY

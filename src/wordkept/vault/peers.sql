-- Who is in which group, live store.

-- name: join
INSERT INTO peer (span, matter, subject_id)
SELECT %(span)s, unnest(%(matters)s::text[]), %(subject)s ON CONFLICT DO NOTHING;

-- name: leave
DELETE FROM peer WHERE span = %(span)s AND matter = ANY (%(matters)s::text[]) AND subject_id = %(subject)s;

-- name: others
SELECT subject_id FROM peer WHERE span = %(span)s AND matter = %(matter)s AND subject_id <> %(subject)s LIMIT 1;

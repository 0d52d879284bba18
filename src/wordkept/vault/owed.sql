-- What the live store remembers to finish, so that a crash in between loses nothing.

-- name: wish
INSERT INTO wish (subject_id, record_id, on_day)
SELECT %(subject)s, unnest(%(records)s::uuid[]), %(day)s ON CONFLICT DO NOTHING;

-- name: wishes
SELECT subject_id, record_id, on_day FROM wish WHERE subject_id = ANY (%(subjects)s::uuid[]);

-- name: wishers
-- Everybody with a wish, in pages; the page after a person.
SELECT DISTINCT subject_id FROM wish WHERE subject_id > %(after)s ORDER BY subject_id LIMIT %(most)s;

-- name: granted
DELETE FROM wish WHERE subject_id = %(subject)s AND record_id = ANY (%(records)s::uuid[]);

-- name: stale_of
SELECT subject_id FROM subject WHERE subject_id = ANY (%(subjects)s::uuid[]) AND stale;

-- name: projected
SELECT edition FROM projected;

-- name: begin_projected
INSERT INTO projected (edition) VALUES (%(edition)s) ON CONFLICT (only_row) DO NOTHING;

-- name: set_projected
INSERT INTO projected (edition) VALUES (%(edition)s) ON CONFLICT (only_row) DO UPDATE SET edition = excluded.edition;

-- name: obeyed
SELECT effective, edition FROM obeyed ORDER BY effective;

-- name: obey
INSERT INTO obeyed (effective, edition)
SELECT * FROM unnest(%(days)s::date[], %(editions)s::text[]) ON CONFLICT (effective) DO NOTHING;

-- name: disown
DELETE FROM obeyed;

-- What authorities asked about people, live store.

-- name: enter
INSERT INTO authority_request (subject_id, request_id, authority, ground, document, asked, entered_on, entered_by)
VALUES (%(subject)s, %(id)s, %(authority)s, %(ground)s, %(document)s, %(asked)s, %(on)s, %(by)s);

-- name: review
UPDATE authority_request
SET granted = %(granted)s, reviewed_on = %(on)s, reviewed_by = %(by)s, tell_by = %(tell_by)s
WHERE subject_id = %(subject)s AND request_id = %(id)s AND granted IS NULL;

-- name: tell
UPDATE authority_request SET told_on = %(on)s, told_by = %(by)s
WHERE subject_id = %(subject)s AND request_id = %(id)s AND told_on IS NULL;

-- name: delay
UPDATE authority_request SET tell_by = %(tell_by)s
WHERE subject_id = %(subject)s AND request_id = %(id)s AND told_on IS NULL;

-- name: close
UPDATE authority_request SET closed_on = %(on)s
WHERE subject_id = %(subject)s AND request_id = %(id)s AND closed_on IS NULL;

-- name: all
SELECT subject_id, request_id, authority, ground, document, asked, entered_on, entered_by, granted, reviewed_on,
       reviewed_by, tell_by, told_on, told_by, closed_on
FROM authority_request WHERE %(id)s::uuid IS NULL OR request_id = %(id)s
ORDER BY request_id;

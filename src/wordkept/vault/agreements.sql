-- The register of agreements with partners, live store.

-- name: out_of_term
-- Partners whose agreement has not begun, or should have ended, whatever was written down of it.
SELECT party FROM agreement WHERE ended_on IS NULL AND (begins > %(day)s OR ends < %(day)s);

-- name: over
SELECT party FROM agreement WHERE ended_on IS NULL AND ends < %(day)s ORDER BY party;

-- name: all
SELECT agreement_id, party, document, country, subprocessors, begins, ends, inspect_by, signed_on, signed_by, ended_on,
       ended_by, certify_by, certificate, certified_on, certified_by
FROM agreement WHERE %(party)s::text IS NULL OR party = %(party)s
ORDER BY party, signed_on, agreement_id;

-- name: ticks
SELECT agreement_id, clause, ticked_on, ticked_by FROM agreement_tick ORDER BY agreement_id, clause;

-- name: inspections
SELECT agreement_id, report, inspected_on, inspected_by FROM agreement_inspection ORDER BY agreement_id, inspected_on;

-- name: sign
INSERT INTO agreement (agreement_id, party, document, country, subprocessors, begins, ends, inspect_by, signed_on,
                       signed_by)
VALUES (%(id)s, %(party)s, %(document)s, %(country)s, %(subprocessors)s, %(begins)s, %(ends)s, %(inspect_by)s,
        %(on)s, %(by)s);

-- name: replaced
-- A new agreement takes the place of the one that stands; nothing is to be given back.
UPDATE agreement SET ended_on = %(on)s, ended_by = %(by)s WHERE party = %(party)s AND ended_on IS NULL;

-- name: ended
UPDATE agreement SET ended_on = %(on)s, ended_by = %(by)s, certify_by = %(certify_by)s
WHERE party = %(party)s AND ended_on IS NULL;

-- name: tick
INSERT INTO agreement_tick (agreement_id, clause, ticked_on, ticked_by)
VALUES (%(id)s, %(clause)s, %(on)s, %(by)s)
ON CONFLICT (agreement_id, clause) DO UPDATE SET ticked_on = excluded.ticked_on, ticked_by = excluded.ticked_by;

-- name: untick
DELETE FROM agreement_tick WHERE agreement_id = %(id)s AND clause = %(clause)s;

-- name: inspect
INSERT INTO agreement_inspection (agreement_id, report, inspected_on, inspected_by)
VALUES (%(id)s, %(report)s, %(on)s, %(by)s) ON CONFLICT (agreement_id, report) DO NOTHING;

-- name: inspect_by
UPDATE agreement SET inspect_by = %(inspect_by)s WHERE agreement_id = %(id)s;

-- name: certify
UPDATE agreement SET certificate = %(certificate)s, certified_on = %(on)s, certified_by = %(by)s
WHERE agreement_id = %(id)s AND certificate IS NULL;

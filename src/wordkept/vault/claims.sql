-- What people ask of right, live store.

-- name: claims_of
SELECT claim_id, asked, channel, on_day, clauses, own_by, statute_by, act_on, items, consents, turn, turned_on, ground,
       subject_id
FROM claim WHERE subject_id = %(subject)s ORDER BY on_day, claim_id;

-- name: open_claims
-- What is not answered, oldest first.
SELECT claim_id, asked, channel, on_day, clauses, own_by, statute_by, act_on, items, consents, turn, turned_on, ground,
       subject_id
FROM claim WHERE turn IN ('received', 'postponed') ORDER BY on_day, claim_id;

-- name: save
INSERT INTO claim (subject_id, claim_id, asked, channel, on_day, clauses, own_by, statute_by, act_on, items, consents,
                   turn, turned_on, ground)
VALUES (%(subject)s, %(id)s, %(right)s, %(channel)s, %(on)s, %(clauses)s, %(own)s, %(statute)s, %(act_on)s, %(items)s,
        %(consents)s, %(turn)s, %(turned_on)s, %(ground)s)
ON CONFLICT (subject_id, claim_id) DO UPDATE
SET turn = excluded.turn, turned_on = excluded.turned_on, ground = excluded.ground;

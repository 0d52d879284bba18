-- What partners hold of people, and the outbox of orders to them; live store.

-- name: given_of
SELECT subject_id, party, entrusted, record_id, item, version, since, on_day, after, clauses, matter, purpose, reason,
       alias, use_until, keep_until, last, ended_on
FROM given WHERE subject_id = ANY (%(subjects)s::uuid[]) ORDER BY subject_id, party, entrusted, record_id;

-- name: share
UPDATE subject SET shared = true WHERE subject_id = %(subject)s AND NOT shared;

-- name: keep
INSERT INTO given (subject_id, party, entrusted, record_id, item, version, since, on_day, after, clauses, matter,
                   purpose, reason, alias, use_until, keep_until, last, ended_on)
VALUES (%(subject)s, %(to)s, %(entrusted)s, %(record)s, %(item)s, %(version)s, %(since)s, %(on)s, %(after)s,
        %(clauses)s, %(matter)s, %(purpose)s, %(reason)s, %(alias)s, %(use_until)s, %(keep_until)s, %(last)s,
        %(ended_on)s)
ON CONFLICT (subject_id, party, entrusted, record_id) DO UPDATE
SET version = excluded.version, on_day = excluded.on_day, after = excluded.after, clauses = excluded.clauses,
    matter = excluded.matter, purpose = excluded.purpose, reason = excluded.reason, use_until = excluded.use_until,
    keep_until = excluded.keep_until, last = excluded.last, ended_on = excluded.ended_on;

-- name: over
-- People of whom a partner holds something whose time with it is over by a day, in pages.
SELECT DISTINCT subject_id FROM given
WHERE subject_id > %(after)s AND ended_on IS NULL
  AND ((last IS NULL AND use_until < %(day)s) OR ((last IS NULL OR last = 'stop-use') AND keep_until < %(day)s))
ORDER BY subject_id LIMIT %(most)s;

-- name: held_by
-- People of whom some processors hold something, in pages.
SELECT DISTINCT subject_id FROM given
WHERE subject_id > %(after)s AND party = ANY (%(parties)s) AND entrusted AND ended_on IS NULL
  AND (last IS NULL OR last = 'stop-use')
ORDER BY subject_id LIMIT %(most)s;

-- name: order
INSERT INTO partner_order (subject_id, order_id, party, entrusted, alias, kind, items, records, clauses, on_day,
                           tell_by, answer_by, next_try)
VALUES (%(subject)s, %(id)s, %(to)s, %(entrusted)s, %(alias)s, %(kind)s, %(items)s, %(records)s, %(clauses)s, %(on)s,
        %(tell_by)s, %(answer_by)s, %(next_try)s);

-- name: open_orders
-- What is not settled, of one person or of all, in the order in which it was ordered.
SELECT order_id, party, entrusted, alias, kind, items, records, clauses, on_day, tell_by, answer_by, subject_id, tries,
       next_try, told_at, answer
FROM partner_order
WHERE NOT settled AND (%(subject)s::uuid IS NULL OR subject_id = %(subject)s)
ORDER BY place;

-- name: waiting
-- What may be sent now. A partner hears of one person in the order in which it was ordered: what was not told holds up
-- what comes after it.
SELECT order_id, party, entrusted, alias, kind, items, records, clauses, on_day, tell_by, answer_by, subject_id, tries,
       next_try, told_at, answer
FROM partner_order o
WHERE NOT settled AND next_try <= %(now)s AND party = ANY (%(parties)s)
  AND NOT EXISTS (SELECT FROM partner_order e
                  WHERE e.subject_id = o.subject_id AND e.party = o.party AND e.entrusted = o.entrusted
                    AND e.place < o.place AND e.told_at IS NULL AND NOT e.settled)
ORDER BY next_try, place LIMIT %(most)s;

-- name: claim
-- One sender takes an order for a while; whoever comes second gets no row.
UPDATE partner_order SET tries = tries + 1, next_try = %(until)s
WHERE subject_id = %(subject)s AND order_id = %(id)s AND NOT settled AND next_try <= %(now)s RETURNING tries;

-- name: told
UPDATE partner_order SET told_at = %(now)s
WHERE subject_id = %(subject)s AND order_id = %(id)s AND told_at IS NULL RETURNING order_id;

-- name: later
UPDATE partner_order SET next_try = %(at)s WHERE subject_id = %(subject)s AND order_id = %(id)s AND NOT settled;

-- name: answered
UPDATE partner_order SET answer = %(answer)s, answered_at = %(now)s, told_at = coalesce(told_at, %(now)s),
                         settled = %(settled)s, answer_by = CASE WHEN %(excused)s THEN NULL ELSE answer_by END
WHERE subject_id = %(subject)s AND order_id = %(id)s AND NOT settled
  AND (answer IS DISTINCT FROM %(answer)s OR (%(excused)s AND answer_by IS NOT NULL))
RETURNING order_id;

-- name: ended
UPDATE given SET ended_on = %(day)s
WHERE subject_id = %(subject)s AND party = %(to)s AND entrusted = %(entrusted)s AND record_id = ANY (%(records)s::uuid[])
  AND last IN ('erase', 'return') AND ended_on IS NULL;

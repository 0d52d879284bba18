-- Reading people and records, live store. Every statement about one person has subject_id as a parameter.

-- name: lock
-- Acts that change something lock the person first, in a statement of its own: what is read next is then current.
SELECT subject_id, seq, standing, away, stale, shared FROM subject WHERE subject_id = %(subject)s FOR UPDATE;

-- name: standing
SELECT subject_id, seq, standing, away, stale, shared FROM subject WHERE subject_id = %(subject)s;

-- name: read
-- All that a decision about one person needs, and what it may hand out, in one snapshot.
SELECT s.subject_id, s.seq, s.standing, s.away, s.stale, s.shared,
       r.record_id, r.item, r.purpose, r.matter, r.method, r.source, r.statute, r.version, r.rev, r.state, r.frozen,
       r.released_on, r.edition, r.collected_on, r.after, r.use_until, r.keep_until, r.not_before, r.digest, r.sealed,
       k.shard, k.generation, k.wrapped
FROM subject s
LEFT JOIN record r ON r.subject_id = s.subject_id AND r.item = ANY (%(items)s)
LEFT JOIN value_key k ON k.subject_id = r.subject_id AND k.record_id = r.record_id AND k.version = r.version
WHERE s.subject_id = %(subject)s;

-- name: read_all
SELECT s.subject_id, s.seq, s.standing, s.away, s.stale, s.shared,
       r.record_id, r.item, r.purpose, r.matter, r.method, r.source, r.statute, r.version, r.rev, r.state, r.frozen,
       r.released_on, r.edition, r.collected_on, r.after, r.use_until, r.keep_until, r.not_before, r.digest, r.sealed,
       k.shard, k.generation, k.wrapped
FROM subject s
LEFT JOIN record r ON r.subject_id = s.subject_id
LEFT JOIN value_key k ON k.subject_id = r.subject_id AND k.record_id = r.record_id AND k.version = r.version
WHERE s.subject_id = %(subject)s;

-- name: read_many
SELECT s.subject_id, s.seq, s.standing, s.away, s.stale, s.shared,
       r.record_id, r.item, r.purpose, r.matter, r.method, r.source, r.statute, r.version, r.rev, r.state, r.frozen,
       r.released_on, r.edition, r.collected_on, r.after, r.use_until, r.keep_until, r.not_before, r.digest, r.sealed,
       k.shard, k.generation, k.wrapped
FROM subject s
LEFT JOIN record r ON r.subject_id = s.subject_id AND r.item = ANY (%(items)s)
LEFT JOIN value_key k ON k.subject_id = r.subject_id AND k.record_id = r.record_id AND k.version = r.version
WHERE s.subject_id = ANY (%(subjects)s::uuid[]);

-- name: read_many_all
SELECT s.subject_id, s.seq, s.standing, s.away, s.stale, s.shared,
       r.record_id, r.item, r.purpose, r.matter, r.method, r.source, r.statute, r.version, r.rev, r.state, r.frozen,
       r.released_on, r.edition, r.collected_on, r.after, r.use_until, r.keep_until, r.not_before, r.digest, r.sealed,
       k.shard, k.generation, k.wrapped
FROM subject s
LEFT JOIN record r ON r.subject_id = s.subject_id
LEFT JOIN value_key k ON k.subject_id = r.subject_id AND k.record_id = r.record_id AND k.version = r.version
WHERE s.subject_id = ANY (%(subjects)s::uuid[]);

-- name: events
SELECT number, on_day, kind, matter, to_what, choice, edition, narrow, text_digest, language, channel, signature FROM event
WHERE subject_id = %(subject)s ORDER BY number;

-- name: events_at
SELECT number, at FROM event WHERE subject_id = %(subject)s ORDER BY number;

-- name: found
-- Who has a value: equality of index entries, in the generation that is complete.
SELECT subject_id, record_id FROM blind
WHERE generation = %(generation)s AND item = %(item)s AND entry = %(entry)s ORDER BY subject_id, record_id;

-- name: people
-- All people, in pages; the page after a person.
SELECT subject_id FROM subject WHERE subject_id > %(after)s ORDER BY subject_id LIMIT %(most)s;

-- name: stale_people
SELECT subject_id FROM subject WHERE stale AND subject_id > %(after)s ORDER BY subject_id LIMIT %(most)s;

-- name: recall
SELECT outcome FROM request WHERE subject_id = %(subject)s AND request_id = %(request)s;

-- name: due_separation
-- Live records whose use is over by a day and which something still keeps, oldest first, after a place in that order.
SELECT subject_id, record_id, item, purpose, version, rev, use_until, keep_until, not_before FROM record
WHERE state = 'live' AND use_until < %(day)s AND (keep_until IS NULL OR keep_until >= %(day)s)
  AND (use_until, subject_id, record_id) > (%(after_day)s, %(after_subject)s::uuid, %(after_record)s::uuid)
ORDER BY use_until, subject_id, record_id LIMIT %(most)s;

-- name: due_destruction
-- Records that nothing keeps by a day, oldest first, after a place in that order.
SELECT subject_id, record_id, item, purpose, version, rev, use_until, keep_until, not_before FROM record
WHERE keep_until < %(day)s AND not_before < %(day)s
  AND (keep_until, subject_id, record_id) > (%(after_day)s, %(after_subject)s::uuid, %(after_record)s::uuid)
ORDER BY keep_until, subject_id, record_id LIMIT %(most)s;

-- name: leaving
SELECT subject_id, record_id FROM record
WHERE state = 'leaving' AND (subject_id, record_id) > (%(after_subject)s::uuid, %(after_record)s::uuid)
ORDER BY subject_id, record_id LIMIT %(most)s;

-- name: unpaired
-- Records without a key and keys without a record; there is never any.
SELECT coalesce(r.subject_id, k.subject_id), coalesce(r.record_id, k.record_id), r.record_id IS NULL
FROM record r FULL JOIN value_key k ON k.subject_id = r.subject_id AND k.record_id = r.record_id AND k.version = r.version
WHERE r.record_id IS NULL OR k.record_id IS NULL LIMIT %(most)s;

-- name: counts
SELECT state, count(*) FROM record GROUP BY state;

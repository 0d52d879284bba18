-- Separation (protocol C). L is the live store, S the separate one. `+ 0` and `|| ''` keep the planner from starting at
-- what it believes to be a handful of rows in a passing state: it is to look up what was asked, by the primary key.

-- name: mark_away
-- L: the person is locked, and it is said first that something of theirs may be elsewhere.
UPDATE subject s SET away = true
FROM (SELECT subject_id FROM subject WHERE subject_id = ANY (%(subjects)s::uuid[]) ORDER BY subject_id FOR UPDATE) AS l
WHERE s.subject_id = l.subject_id;

-- name: mark_leaving
-- L, step 1: what is still due leaves; from this commit there is no more use.
WITH marked AS (
    UPDATE record r SET state = 'leaving', frozen = false
    FROM unnest(%(subjects)s::uuid[], %(records)s::uuid[]) AS asked (subject_id, record_id)
    WHERE r.subject_id = asked.subject_id AND r.record_id = asked.record_id AND r.state || '' = 'live'
      AND r.use_until + 0 < %(day)s AND (r.keep_until IS NULL OR r.keep_until + 0 >= %(day)s)
    RETURNING r.subject_id, r.record_id, r.version
), listed AS (
    SELECT array_agg(subject_id) AS subjects, array_agg(record_id) AS records, array_agg(version) AS versions FROM marked
)
SELECT coalesce(subjects, '{}'), coalesce(records, '{}'),
       evidence_swept(%(connection)s, %(first)s, %(class)s, %(hour)s, %(header)s, %(pieces)s::bytea[], %(salts)s,
                      subjects, records, versions)
FROM listed;

-- name: read_leaving
-- L, step 2.
SELECT r.subject_id, r.record_id, r.item, r.purpose, r.matter, r.method, r.source, r.statute, r.version, r.rev, r.state,
       r.frozen, r.released_on, r.edition, r.collected_on, r.after, r.use_until, r.keep_until, r.not_before, r.digest,
       r.sealed, k.shard, k.generation, k.wrapped, r.told
FROM unnest(%(subjects)s::uuid[], %(records)s::uuid[]) AS asked (subject_id, record_id)
JOIN record r ON r.subject_id = asked.subject_id AND r.record_id = asked.record_id
JOIN value_key k ON k.subject_id = r.subject_id AND k.record_id = r.record_id AND k.version = r.version
WHERE r.state || '' = 'leaving';

-- name: arrive
-- S, step 3, first half: what is new, or newer than what came before, and not closed.
INSERT INTO arrival AS a (subject_id, record_id, rev)
SELECT subject_id, record_id, rev
FROM unnest(%(subjects)s::uuid[], %(records)s::uuid[], %(revs)s::integer[]) AS n (subject_id, record_id, rev)
ORDER BY subject_id, record_id
ON CONFLICT (subject_id, record_id) DO UPDATE SET rev = excluded.rev WHERE a.rev < excluded.rev AND NOT a.closed
RETURNING a.record_id;

-- name: replace_keys
-- S: a record that comes again in a newer revision has a new key; the one before goes and leaves its mark.
-- Tells which came again: they are the same version, which was stated already.
WITH gone AS (
    DELETE FROM value_key k USING unnest(%(subjects)s::uuid[], %(records)s::uuid[]) AS n (subject_id, record_id)
    WHERE k.subject_id = n.subject_id AND k.record_id = n.record_id
    RETURNING k.record_id, k.shard, k.generation
), marks AS (
    INSERT INTO destruction_mark (shard, generation)
    SELECT DISTINCT shard, generation FROM gone ORDER BY shard, generation ON CONFLICT DO NOTHING
)
SELECT record_id FROM gone;

-- name: state_arrived
-- S: one statement of evidence for each record that came for the first time.
SELECT evidence_swept(%(connection)s, %(first)s, %(class)s, %(hour)s, %(header)s, %(pieces)s::bytea[], %(salts)s,
                      %(subjects)s::uuid[], %(records)s::uuid[], %(versions)s::integer[]);

-- name: change_arrived
-- S: a record that came again, in its newer revision. Only columns are read that the mover may read.
UPDATE record r
SET rev = %(rev)s, version = %(version)s, frozen = %(frozen)s, released_on = %(released_on)s,
    use_until = %(use_until)s, keep_until = %(keep_until)s, not_before = %(not_before)s, told = %(told)s,
    digest = %(digest)s, sealed = %(sealed)s
WHERE r.subject_id = %(subject)s AND r.record_id = %(record)s AND r.rev < %(rev)s;

-- name: register
-- S: what the register says of records.
SELECT a.record_id, a.rev, a.closed
FROM unnest(%(subjects)s::uuid[], %(records)s::uuid[]) AS n (subject_id, record_id)
JOIN arrival a ON a.subject_id = n.subject_id AND a.record_id = n.record_id;

-- name: integrity
-- S, step 4, as the keeper.
SELECT * FROM open_integrity(%(subjects)s::uuid[], %(records)s::uuid[], %(revs)s::integer[]);

-- name: leave
-- L, step 5: key, row and index entries go at exactly the revision that arrived.
WITH gone AS (
    DELETE FROM record r
    USING unnest(%(subjects)s::uuid[], %(records)s::uuid[], %(revs)s::integer[]) AS n (subject_id, record_id, rev)
    WHERE r.subject_id = n.subject_id AND r.record_id = n.record_id AND r.state || '' = 'leaving' AND r.rev = n.rev
    RETURNING r.subject_id, r.record_id, r.version
), keys AS (
    DELETE FROM value_key k USING gone g WHERE k.subject_id = g.subject_id AND k.record_id = g.record_id
    RETURNING k.shard, k.generation
), marks AS (
    INSERT INTO destruction_mark (shard, generation)
    SELECT DISTINCT shard, generation FROM keys ORDER BY shard, generation ON CONFLICT DO NOTHING
), entries AS (
    DELETE FROM blind b USING gone g WHERE b.subject_id = g.subject_id AND b.record_id = g.record_id
), listed AS (
    SELECT array_agg(subject_id) AS subjects, array_agg(record_id) AS records, array_agg(version) AS versions FROM gone
)
SELECT coalesce(records, '{}'),
       evidence_swept(%(connection)s, %(first)s, %(class)s, %(hour)s, %(header)s, %(pieces)s::bytea[], %(salts)s,
                      subjects, records, versions)
FROM listed;

-- name: raise_rev
-- L: what stands here is to arrive once more.
UPDATE record r SET rev = r.rev + 1 FROM unnest(%(subjects)s::uuid[], %(records)s::uuid[]) AS n (subject_id, record_id)
WHERE r.subject_id = n.subject_id AND r.record_id = n.record_id AND r.state || '' = 'leaving';

-- name: lock_people
SELECT subject_id, stale FROM subject WHERE subject_id = ANY (%(subjects)s::uuid[]) ORDER BY subject_id FOR UPDATE;

-- name: leaving_of
-- L: which of these are still here, and whether they may go on a day. Asked by the person, nothing needs to be over
-- but what must be kept.
SELECT r.subject_id, r.record_id, r.rev, r.not_before < %(day)s AND (%(asked)s OR r.keep_until < %(day)s)
FROM unnest(%(subjects)s::uuid[], %(records)s::uuid[]) AS n (subject_id, record_id)
JOIN record r ON r.subject_id = n.subject_id AND r.record_id = n.record_id
WHERE r.state || '' = 'leaving';

-- name: destroy_separate
-- S, as the keeper: the register is closed first; one statement of evidence for each record that went.
WITH gone AS (
    SELECT * FROM destroy_in_separate(%(subjects)s::uuid[], %(records)s::uuid[], %(day)s, %(asked)s)
), listed AS (
    SELECT array_agg(subject_id) AS subjects, array_agg(record_id) AS records, array_agg(version) AS versions FROM gone
)
SELECT coalesce(records, '{}'),
       evidence_swept(%(connection)s, %(first)s, %(class)s, %(hour)s, %(header)s, %(pieces)s::bytea[], %(salts)s,
                      subjects, records, versions)
FROM listed;

-- name: due_separate
SELECT subject_id, record_id, item, purpose, version, 0, NULL::date, keep_until, NULL::date
FROM due_in_separate(%(day)s, %(most)s, %(after_day)s, %(after_subject)s, %(after_record)s);

-- name: tell
-- S: what later events make of the holds of records that are already here; a later word is never undone by an earlier.
UPDATE record r SET keep_until = n.keep_until, not_before = n.not_before, released_on = n.released_on, told = n.seq
FROM unnest(%(subjects)s::uuid[], %(records)s::uuid[], %(keep_until)s::date[], %(not_before)s::date[],
            %(released_on)s::date[], %(seqs)s::integer[])
     AS n (subject_id, record_id, keep_until, not_before, released_on, seq)
WHERE r.subject_id = n.subject_id AND r.record_id = n.record_id AND r.told <= n.seq
RETURNING r.record_id;

-- name: known
SELECT * FROM known_of(%(subject)s);

-- name: own_view
SELECT * FROM open_own_view(%(subject)s);

-- name: legal_request
SELECT * FROM open_legal_request(%(subject)s, %(records)s::uuid[], %(document)s, %(first)s, %(second)s);

-- name: dispute
SELECT * FROM open_dispute(%(subject)s, %(records)s::uuid[], %(first)s, %(second)s);

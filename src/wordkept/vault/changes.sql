-- Changing people and records, live store.

-- name: insert_subject
INSERT INTO subject (subject_id, seq, standing) VALUES (%(subject)s, 0, %(standing)s) ON CONFLICT DO NOTHING;

-- name: insert_subjects
INSERT INTO subject (subject_id, seq, standing)
SELECT unnest(%(subjects)s::uuid[]), 0, %(standing)s ON CONFLICT DO NOTHING;

-- name: lock_many
-- A batch locks its people in one order, so that batches do not wait for each other in circles.
SELECT subject_id, shared FROM subject WHERE subject_id = ANY (%(subjects)s::uuid[]) ORDER BY subject_id FOR UPDATE;

-- name: save_standing
UPDATE subject SET seq = %(seq)s, standing = %(standing)s, stale = stale OR (away AND %(stale)s)
WHERE subject_id = %(subject)s;

-- name: save_standings
UPDATE subject s SET seq = n.seq, standing = n.standing, stale = s.stale OR (s.away AND %(stale)s)
FROM unnest(%(subjects)s::uuid[], %(seqs)s::integer[], %(standings)s::bytea[]) AS n (subject_id, seq, standing)
WHERE s.subject_id = n.subject_id;

-- name: told
-- The separate store was told of everything up to an event.
UPDATE subject s SET stale = false FROM unnest(%(subjects)s::uuid[], %(seqs)s::integer[]) AS n (subject_id, seq)
WHERE s.subject_id = n.subject_id AND s.seq = n.seq;

-- name: insert_event
INSERT INTO event (subject_id, number, on_day, at, kind, matter, to_what, choice, edition, narrow, text_digest,
                   language, channel, signature)
VALUES (%(subject)s, %(number)s, %(on_day)s, %(at)s, %(kind)s, %(matter)s, %(to_what)s, %(choice)s, %(edition)s,
        %(narrow)s, %(text_digest)s, %(language)s, %(channel)s, %(signature)s);

-- name: copy_events
COPY event (subject_id, number, on_day, at, kind, matter, to_what, choice, edition, narrow, text_digest, language,
            channel, signature) FROM STDIN (FORMAT binary);

-- name: remember
INSERT INTO request (subject_id, request_id, outcome) VALUES (%(subject)s, %(request)s, %(outcome)s);

-- name: insert_record
-- The key comes with the record; index entries follow in a statement of their own, where there are any.
WITH new_record AS (
    INSERT INTO record (subject_id, record_id, item, purpose, matter, method, source, statute, version, rev, state,
                        frozen, released_on, edition, collected_on, after, use_until, keep_until, not_before, told,
                        digest, sealed)
    VALUES (%(subject)s, %(record)s, %(item)s, %(purpose)s, %(matter)s, %(method)s, %(source)s, %(statute)s,
            %(version)s, %(rev)s, %(state)s, %(frozen)s, %(released_on)s, %(edition)s, %(collected_on)s,
            %(after)s, %(use_until)s, %(keep_until)s, %(not_before)s, %(told)s, %(digest)s, %(sealed)s)
)
INSERT INTO value_key (subject_id, record_id, version, shard, generation, wrapped)
VALUES (%(subject)s, %(record)s, %(version)s, %(shard)s, %(generation)s, %(wrapped)s);

-- name: copy_records
COPY record (subject_id, record_id, item, purpose, matter, method, source, statute, version, rev, state, frozen,
             released_on, edition, collected_on, after, use_until, keep_until, not_before, told, digest, sealed)
FROM STDIN (FORMAT binary);

-- name: copy_keys
COPY value_key (subject_id, record_id, version, shard, generation, wrapped) FROM STDIN (FORMAT binary);

-- name: insert_key
INSERT INTO value_key (subject_id, record_id, version, shard, generation, wrapped)
VALUES (%(subject)s, %(record)s, %(version)s, %(shard)s, %(generation)s, %(wrapped)s);

-- name: copy_blind
COPY blind (generation, item, entry, subject_id, record_id) FROM STDIN (FORMAT binary);

-- name: insert_blind
INSERT INTO blind (generation, item, entry, subject_id, record_id)
SELECT * FROM unnest(%(generations)s::bigint[], %(items)s::text[], %(entries)s::bytea[], %(subjects)s::uuid[],
                     %(records)s::uuid[]);

-- name: correct
-- A corrected value is a new version under a new key; the old key goes, and with it leave its mark. A freeze is lifted.
WITH changed AS (
    UPDATE record SET version = version + 1, rev = rev + 1, frozen = false, digest = %(digest)s, sealed = %(sealed)s
    WHERE subject_id = %(subject)s AND record_id = %(record)s AND version = %(version)s - 1 AND state = 'live'
    RETURNING subject_id, record_id
), old_key AS (
    DELETE FROM value_key k USING changed c
    WHERE k.subject_id = %(subject)s AND c.subject_id = k.subject_id AND c.record_id = k.record_id
    RETURNING k.shard, k.generation
), mark AS (
    INSERT INTO destruction_mark (shard, generation) SELECT shard, generation FROM old_key ON CONFLICT DO NOTHING
), old_entries AS (
    DELETE FROM blind b USING changed c
    WHERE b.subject_id = %(subject)s AND c.subject_id = b.subject_id AND c.record_id = b.record_id
)
INSERT INTO value_key (subject_id, record_id, version, shard, generation, wrapped)
SELECT subject_id, record_id, %(version)s, %(shard)s, %(generation)s, %(wrapped)s FROM changed RETURNING record_id;

-- name: freeze
UPDATE record SET frozen = %(frozen)s, rev = rev + 1
WHERE subject_id = %(subject)s AND record_id = ANY (%(records)s::uuid[]) AND state = 'live' AND frozen <> %(frozen)s
RETURNING record_id, item, version;

-- name: project
-- What a person's events make of their records' holds, where that differs from what stands.
UPDATE record r SET use_until = n.use_until, keep_until = n.keep_until, not_before = n.not_before,
                    released_on = n.released_on, told = %(seq)s, rev = r.rev + 1
FROM unnest(%(records)s::uuid[], %(use_until)s::date[], %(keep_until)s::date[], %(not_before)s::date[],
            %(released_on)s::date[]) AS n (record_id, use_until, keep_until, not_before, released_on)
WHERE r.subject_id = %(subject)s AND r.record_id = n.record_id;

-- name: project_many
UPDATE record r SET use_until = n.use_until, keep_until = n.keep_until, not_before = n.not_before,
                    released_on = n.released_on, told = n.seq, rev = r.rev + 1
FROM unnest(%(subjects)s::uuid[], %(records)s::uuid[], %(use_until)s::date[], %(keep_until)s::date[],
            %(not_before)s::date[], %(released_on)s::date[], %(seqs)s::integer[])
     AS n (subject_id, record_id, use_until, keep_until, not_before, released_on, seq)
WHERE r.subject_id = n.subject_id AND r.record_id = n.record_id;

-- name: destroy
-- One person's live records: value, row, key, index entries, and the mark of the key's generation. Where a day is given,
-- what must be kept on it stays.
WITH gone AS (
    DELETE FROM record
    WHERE subject_id = %(subject)s AND record_id = ANY (%(records)s::uuid[]) AND state = 'live'
      AND (%(day)s::date IS NULL OR not_before < %(day)s)
    RETURNING subject_id, record_id, item, version, digest
), keys AS (
    DELETE FROM value_key k USING gone g
    WHERE k.subject_id = %(subject)s AND g.subject_id = k.subject_id AND g.record_id = k.record_id
    RETURNING k.record_id, k.shard, k.generation
), marks AS (
    INSERT INTO destruction_mark (shard, generation)
    SELECT DISTINCT shard, generation FROM keys ORDER BY shard, generation ON CONFLICT DO NOTHING
), entries AS (
    DELETE FROM blind b USING gone g
    WHERE b.subject_id = %(subject)s AND g.subject_id = b.subject_id AND g.record_id = b.record_id
)
SELECT g.record_id, g.item, g.version, g.digest, k.shard, k.generation FROM gone g JOIN keys k USING (record_id);

-- name: sweep
-- A batch of due live records of many people: due and not-before are checked in the statement that deletes, and one
-- statement of evidence is written for each record that went. `+ 0` and `|| ''` keep the planner from starting at what
-- it believes to be a handful of due rows: it is to look up what was asked, by the primary key.
WITH gone AS (
    DELETE FROM record r USING unnest(%(subjects)s::uuid[], %(records)s::uuid[]) AS asked (subject_id, record_id)
    WHERE r.subject_id = asked.subject_id AND r.record_id = asked.record_id AND r.state || '' = 'live'
      AND r.keep_until + 0 < %(day)s AND r.not_before + 0 < %(day)s
    RETURNING r.subject_id, r.record_id, r.item, r.version
), keys AS (
    DELETE FROM value_key k USING gone g WHERE k.subject_id = g.subject_id AND k.record_id = g.record_id
    RETURNING k.shard, k.generation
), marks AS (
    INSERT INTO destruction_mark (shard, generation)
    SELECT DISTINCT shard, generation FROM keys ORDER BY shard, generation ON CONFLICT DO NOTHING
), entries AS (
    DELETE FROM blind b USING gone g
    WHERE b.subject_id = g.subject_id AND b.record_id = g.record_id AND g.item = ANY (%(searched)s)
), listed AS (
    SELECT array_agg(subject_id) AS subjects, array_agg(record_id) AS records, array_agg(version) AS versions FROM gone
)
SELECT coalesce(records, '{}'), evidence_swept(%(connection)s, %(first)s, %(class)s, %(hour)s, %(header)s,
       %(pieces)s::bytea[], %(salts)s, subjects, records, versions)
FROM listed;

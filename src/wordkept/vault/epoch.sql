-- Turning the epoch (protocol A). Every statement may be repeated.

-- name: try_lock
SELECT pg_try_advisory_lock(%(lock)s);

-- name: unlock
SELECT pg_advisory_unlock(%(lock)s);

-- name: epoch
SELECT root, phase, seq FROM epoch;

-- name: wrapped_epochs
SELECT e.epoch, e.wrapped, i.wrapped, i.search FROM epoch_key e LEFT JOIN index_key i USING (epoch) ORDER BY e.epoch;

-- name: to_wrap
UPDATE epoch SET phase = 'wrap', seq = seq + 1 WHERE phase = 'rest' AND root = %(old)s RETURNING seq;

-- name: nudge
-- Processes look again at which generation they write under.
UPDATE epoch SET seq = seq + 1 RETURNING seq;

-- name: to_destroy
UPDATE epoch SET phase = 'destroy', seq = seq + 1 WHERE phase = 'wrap' AND root = %(old)s RETURNING seq;

-- name: to_rest
UPDATE epoch SET root = %(new)s, phase = 'rest', seq = seq + 1 WHERE phase = 'destroy' AND root = %(old)s RETURNING seq;

-- name: unloaded
-- Leases that have not loaded what stands, and are not over.
SELECT process, holder FROM lease WHERE until > clock_timestamp() AND loaded < (SELECT seq FROM epoch);

-- name: drop_old_leases
-- Whoever took one of these renews it before use, or not at all.
DELETE FROM lease WHERE until < clock_timestamp() - interval '1 hour';

-- name: drop_lease
DELETE FROM lease WHERE process = %(process)s;

-- name: running
-- Transactions that run now in this database, with or without a write; whoever waits for these to end has waited for
-- every snapshot that is older.
SELECT l.virtualxid FROM pg_locks l JOIN pg_stat_activity a USING (pid)
WHERE l.locktype = 'virtualxid' AND a.datname = current_database() AND l.pid <> pg_backend_pid();

-- name: shards
-- A page of shard keys that are still wrapped under an older epoch, and whether something under them was destroyed.
SELECT g.shard, g.generation, g.epoch, g.wrapped, m.shard IS NOT NULL
FROM shard_generation g
LEFT JOIN destruction_mark m ON m.shard = g.shard AND m.generation = g.generation
WHERE g.current AND g.epoch < %(new)s AND g.shard > %(after)s ORDER BY g.shard LIMIT %(most)s;

-- name: rewrap_shards
UPDATE shard_generation g SET epoch = %(new)s, wrapped = n.new
FROM unnest(%(shards)s::bigint[], %(generations)s::bigint[], %(old)s::bytea[], %(wrapped)s::bytea[])
     AS n (shard, generation, old, new)
WHERE g.shard = n.shard AND g.generation = n.generation AND g.wrapped = n.old;

-- name: retire_shards
UPDATE shard_generation g SET current = false
FROM unnest(%(shards)s::bigint[], %(generations)s::bigint[]) AS n (shard, generation)
WHERE g.shard = n.shard AND g.generation = n.generation AND g.current;

-- name: insert_shards
INSERT INTO shard_generation (shard, generation, epoch, wrapped)
SELECT shard, generation, %(new)s, wrapped
FROM unnest(%(shards)s::bigint[], %(generations)s::bigint[], %(wrapped)s::bytea[]) AS n (shard, generation, wrapped);

-- name: retired
-- Generations that must be emptied, with the current one of their shard.
SELECT o.shard, o.generation, o.epoch, o.wrapped, c.generation, c.epoch, c.wrapped
FROM shard_generation o JOIN shard_generation c ON c.shard = o.shard AND c.current
WHERE NOT o.current ORDER BY o.shard, o.generation;

-- name: keys
SELECT k.subject_id, k.record_id, r.item, k.version, k.wrapped
FROM value_key k JOIN record r ON r.subject_id = k.subject_id AND r.record_id = k.record_id
WHERE k.shard = %(shard)s AND k.generation = %(generation)s ORDER BY k.subject_id, k.record_id;

-- name: rewrap_keys
-- Compared with what was read: a key that was deleted or replaced meanwhile is left alone, none is ever inserted.
UPDATE value_key k SET generation = %(new)s, wrapped = n.new
FROM unnest(%(subjects)s::uuid[], %(records)s::uuid[], %(versions)s::integer[], %(old)s::bytea[], %(wrapped)s::bytea[])
     AS n (subject_id, record_id, version, old, new)
WHERE k.shard = %(shard)s AND k.generation = %(generation)s
  AND k.subject_id = n.subject_id AND k.record_id = n.record_id AND k.version = n.version AND k.wrapped = n.old;

-- name: drop_generation
DELETE FROM shard_generation WHERE shard = %(shard)s AND generation = %(generation)s AND NOT current;

-- name: left_behind
SELECT count(*) FROM shard_generation WHERE epoch <> %(new)s OR NOT current;

-- name: every_shard
SELECT shard, generation, epoch, wrapped FROM shard_generation WHERE shard > %(after)s ORDER BY shard LIMIT %(most)s;

-- name: sample_keys
SELECT k.subject_id, k.record_id, r.item, k.version, k.shard, k.generation, k.wrapped
FROM value_key k JOIN record r ON r.subject_id = k.subject_id AND r.record_id = k.record_id
WHERE k.shard = ANY (%(shards)s) LIMIT %(most)s;

-- name: drop_index_keys
DELETE FROM index_key WHERE epoch < %(new)s;

-- name: drop_epoch_keys
DELETE FROM epoch_key WHERE epoch < %(new)s;

-- name: finish_marks
-- Marks whose generation is gone: every root that it ever hung on is destroyed.
UPDATE destruction_mark m SET final_epoch = %(new)s
WHERE final_epoch IS NULL
  AND NOT EXISTS (SELECT FROM shard_generation g WHERE g.shard = m.shard AND g.generation = m.generation)
RETURNING m.shard, m.generation;

-- name: index_page
SELECT item, entry, subject_id, record_id FROM blind
WHERE generation = %(generation)s AND (item, entry, record_id) > (%(item)s, %(entry)s, %(record)s::uuid)
ORDER BY item, entry, record_id LIMIT %(most)s;

-- name: copy_entries
INSERT INTO blind (generation, item, entry, subject_id, record_id)
SELECT %(generation)s, * FROM unnest(%(items)s::text[], %(entries)s::bytea[], %(subjects)s::uuid[], %(records)s::uuid[])
ON CONFLICT DO NOTHING;

-- name: ghosts
-- Entries of a page of the next generation that have no counterpart in the one before. The subquery is there to be
-- looked up for each, by the primary key: nobody has counted the new generation yet, and a join would begin with it.
SELECT n.item, n.entry, n.record_id, n.older
FROM unnest(%(items)s::text[], %(entries)s::bytea[], %(records)s::uuid[], %(older)s::bytea[])
     AS n (item, entry, record_id, older)
WHERE (SELECT o.record_id FROM blind o WHERE o.generation = %(old)s AND o.item = n.item AND o.entry = n.older
       AND o.record_id = n.record_id) IS NULL;

-- name: drop_ghosts
-- Entries of the next generation whose counterpart is gone: it was deleted while its copy was made.
DELETE FROM blind b
USING unnest(%(items)s::text[], %(entries)s::bytea[], %(records)s::uuid[], %(older)s::bytea[])
      AS n (item, entry, record_id, older)
WHERE b.generation = %(new)s AND b.item = n.item AND b.entry = n.entry AND b.record_id = n.record_id
  AND NOT EXISTS (SELECT FROM blind o WHERE o.generation = %(old)s AND o.item = n.item AND o.entry = n.older
                  AND o.record_id = n.record_id);

-- name: drop_entries
DELETE FROM blind WHERE generation < %(new)s;

-- name: is_final
SELECT final_epoch FROM destruction_mark WHERE shard = %(shard)s AND generation = %(generation)s;

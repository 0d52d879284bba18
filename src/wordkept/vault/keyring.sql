-- Keys of a running process: what the epoch says, its lease, places in shards, shard keys.

-- name: epoch
SELECT root, phase, seq FROM epoch;

-- name: insert_epoch
INSERT INTO epoch (root, phase) VALUES (%(root)s, 'rest');

-- name: insert_epoch_key
INSERT INTO epoch_key (epoch, wrapped) VALUES (%(epoch)s, %(wrapped)s);

-- name: insert_index_key
INSERT INTO index_key (epoch, wrapped, search) VALUES (%(epoch)s, %(wrapped)s, %(search)s);

-- name: epoch_keys
SELECT e.epoch, e.wrapped, i.wrapped, i.search FROM epoch_key e LEFT JOIN index_key i USING (epoch) ORDER BY e.epoch;

-- name: take_lease
-- The lease's end is the database's clock; the process counts its own time from before it asked.
INSERT INTO lease (process, loaded, holder, until)
VALUES (%(process)s, %(loaded)s, %(holder)s, clock_timestamp() + make_interval(secs => %(seconds)s))
ON CONFLICT (process) DO UPDATE SET loaded = excluded.loaded, until = excluded.until;

-- name: drop_lease
DELETE FROM lease WHERE process = %(process)s;

-- name: reserve
-- Places in a shard that has some left; a shard that another process is reserving in is passed over.
WITH chosen AS (
    SELECT shard, used FROM shard WHERE used < 4096 ORDER BY shard LIMIT 1 FOR UPDATE SKIP LOCKED
)
UPDATE shard s SET used = least(4096, s.used + %(places)s) FROM chosen c WHERE s.shard = c.shard
RETURNING s.shard, s.used - c.used;

-- name: new_shard
INSERT INTO shard (shard, used) SELECT coalesce(max(shard), 0) + 1, %(places)s FROM shard
ON CONFLICT DO NOTHING RETURNING shard;

-- name: new_generation
INSERT INTO shard_generation (shard, generation, epoch, wrapped)
VALUES (%(shard)s, %(generation)s, %(epoch)s, %(wrapped)s);

-- name: current_generation
SELECT generation, epoch, wrapped FROM shard_generation WHERE shard = %(shard)s AND current;

-- name: generations
SELECT g.shard, g.generation, g.epoch, g.wrapped
FROM unnest(%(shards)s::bigint[], %(generations)s::bigint[]) AS w (shard, generation)
JOIN shard_generation g USING (shard, generation);

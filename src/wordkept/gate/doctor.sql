-- What the doctor asks, as the auditor's role reads it.

-- name: epoch
SELECT root, phase FROM epoch;

-- name: log_heads
-- Every log, and how far it reaches.
SELECT log, size, root FROM log_head;

-- name: oldest_pending
-- How many ranges of statements wait to be sealed, and for how long.
SELECT count(first_number), extract(epoch FROM clock_timestamp() - min(at))::float8 FROM pending;

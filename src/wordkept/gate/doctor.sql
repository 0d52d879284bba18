-- What the doctor compares with files outside the database, as the auditor's role reads it.

-- name: epoch
SELECT root, phase FROM epoch;

-- name: log_heads
-- Every log, and how far it reaches.
SELECT log, size, root FROM log_head;

-- What the doctor compares with files outside the database, as the auditor's role reads it.

-- name: epoch
SELECT root, phase FROM epoch;

-- name: log_head
-- The newest log, and how far it reaches.
SELECT log, size, root FROM log_head ORDER BY log DESC LIMIT 1;

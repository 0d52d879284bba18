-- Which words this installation obeyed, so that it is not made to obey others without anybody saying so.

-- name: obeyed
-- Every edition that was ever in force here, by its first day: the digest of its document.
CREATE TABLE obeyed (
    effective date PRIMARY KEY,
    edition text NOT NULL
);

-- Who is in which group, live store; distributed by matter, not by person. What a person's events say is the truth; this
-- only finds that somebody else is in it too. matter '' stands for none.

-- name: peer
CREATE TABLE peer (
    span text NOT NULL,
    matter text NOT NULL,
    subject_id uuid NOT NULL,
    PRIMARY KEY (span, matter, subject_id)
);

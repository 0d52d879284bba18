-- The separate store: a register of what arrived, and one function for each reason to open something.
-- The functions run as their owner; the keeper may call them and touch nothing else.

-- name: arrival
-- The register outlives the record and so refuses a late writer: a newer revision is there, or it is closed.
CREATE TABLE arrival (
    subject_id uuid NOT NULL,
    record_id uuid NOT NULL,
    rev integer NOT NULL,
    closed boolean NOT NULL DEFAULT false,
    PRIMARY KEY (subject_id, record_id)
);

-- name: opened
-- What opening a separated record shows: everything said about it, the sealed value and its wrapped key.
CREATE TYPE opened AS (
    subject_id uuid, record_id uuid, item text, purpose text, matter text, method text, source text, statute text,
    version integer, rev integer, state text, frozen boolean, released_on date, edition date, collected_on date,
    after integer, use_until date, keep_until date, not_before date, digest bytea,
    sealed bytea, shard bigint, generation bigint, wrapped bytea
);

-- name: known_of
-- What is said about one person's separated records, without any value or key.
CREATE FUNCTION known_of(person uuid) RETURNS SETOF opened
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT subject_id, record_id, item, purpose, matter, method, source, statute, version, rev, state, frozen,
           released_on, edition, collected_on, after, use_until, keep_until, not_before, digest,
           NULL::bytea, NULL::bigint, NULL::bigint, NULL::bytea
    FROM public.record WHERE subject_id = person
$$;

-- name: open_records
-- The body of every reason below; nobody but its owner may call it.
CREATE FUNCTION open_records(person uuid, wanted uuid[]) RETURNS SETOF opened
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT r.subject_id, r.record_id, r.item, r.purpose, r.matter, r.method, r.source, r.statute, r.version, r.rev,
           r.state, r.frozen, r.released_on, r.edition, r.collected_on, r.after, r.use_until, r.keep_until,
           r.not_before, r.digest, r.sealed, k.shard, k.generation, k.wrapped
    FROM public.record r JOIN public.value_key k USING (subject_id, record_id, version)
    WHERE r.subject_id = person AND (wanted IS NULL OR r.record_id = ANY (wanted))
$$;

-- name: open_own_view
-- The person sees what is still kept about them.
CREATE FUNCTION open_own_view(person uuid) RETURNS SETOF opened
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT * FROM public.open_records(person, NULL)
$$;

-- name: open_legal_request
-- An authority asks under law. The document has a number, and two different people agreed.
CREATE FUNCTION open_legal_request(person uuid, wanted uuid[], document text, first text, second text)
RETURNS SETOF opened
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF coalesce(document, '') = '' OR coalesce(first, '') = '' OR coalesce(second, '') = '' OR first = second THEN
        RAISE insufficient_privilege USING MESSAGE = 'a legal request names its document and two people';
    END IF;
    RETURN QUERY SELECT * FROM public.open_records(person, wanted);
END
$$;

-- name: open_dispute
-- A dispute over the records; two different people agreed.
CREATE FUNCTION open_dispute(person uuid, wanted uuid[], first text, second text) RETURNS SETOF opened
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF coalesce(first, '') = '' OR coalesce(second, '') = '' OR first = second THEN
        RAISE insufficient_privilege USING MESSAGE = 'a dispute is opened by two people';
    END IF;
    RETURN QUERY SELECT * FROM public.open_records(person, wanted);
END
$$;

-- name: open_integrity
-- What was written is opened and compared before its origin is deleted: many people at once, exact revisions only.
CREATE FUNCTION open_integrity(people uuid[], wanted uuid[], revs integer[]) RETURNS SETOF opened
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT r.subject_id, r.record_id, r.item, r.purpose, r.matter, r.method, r.source, r.statute, r.version, r.rev,
           r.state, r.frozen, r.released_on, r.edition, r.collected_on, r.after, r.use_until, r.keep_until,
           r.not_before, r.digest, r.sealed, k.shard, k.generation, k.wrapped
    FROM unnest(people, wanted, revs) AS w (subject_id, record_id, rev)
    JOIN public.record r USING (subject_id, record_id, rev)
    JOIN public.value_key k USING (subject_id, record_id, version)
$$;

-- name: due_in_separate
-- Expiry, first half: what is over by a day, oldest first, after a place in that order.
CREATE FUNCTION due_in_separate(day date, most integer, after_day date, after_subject uuid, after_record uuid)
RETURNS TABLE (subject_id uuid, record_id uuid, item text, purpose text, version integer, keep_until date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT r.subject_id, r.record_id, r.item, r.purpose, r.version, r.keep_until FROM public.record r
    WHERE r.keep_until < day AND r.not_before < day
      AND (r.keep_until, r.subject_id, r.record_id) > (after_day, after_subject, after_record)
    ORDER BY r.keep_until, r.subject_id, r.record_id LIMIT most
$$;

-- name: destroy_in_separate
-- Expiry, second half, and a person's own deletion: hold the register, delete value, row and key, mark the generation,
-- close the register. What must be kept on that day stays and its register open, whoever asks. A record that is not
-- here yet is closed too: its origin still has it and is deleted next. Each statement sees what the one before waited
-- for, so an arrival that is under way is either seen and deleted, or finds the register closed.
CREATE FUNCTION destroy_in_separate(people uuid[], wanted uuid[], day date, asked boolean)
RETURNS TABLE (subject_id uuid, record_id uuid, item text, version integer, digest bytea, shard bigint, generation bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    INSERT INTO public.arrival AS a (subject_id, record_id, rev)
    SELECT w.subject_id, w.record_id, 0 FROM unnest(people, wanted) AS w (subject_id, record_id)
    ORDER BY w.subject_id, w.record_id
    ON CONFLICT (subject_id, record_id) DO UPDATE SET rev = a.rev;
    RETURN QUERY
    WITH gone AS (
        DELETE FROM public.record r USING unnest(people, wanted) AS w (subject_id, record_id)
        WHERE r.subject_id = w.subject_id AND r.record_id = w.record_id
          AND r.not_before + 0 < day AND (asked OR r.keep_until + 0 < day) -- by the primary key, not by what is due
        RETURNING r.subject_id, r.record_id, r.item, r.version, r.digest
    ), keys AS (
        DELETE FROM public.value_key k USING gone g
        WHERE k.subject_id = g.subject_id AND k.record_id = g.record_id
        RETURNING k.subject_id, k.record_id, k.shard, k.generation
    ), marks AS (
        INSERT INTO public.destruction_mark (shard, generation)
        SELECT DISTINCT k.shard, k.generation FROM keys k ORDER BY k.shard, k.generation ON CONFLICT DO NOTHING
    )
    SELECT g.subject_id, g.record_id, g.item, g.version, g.digest, k.shard, k.generation
    FROM gone g JOIN keys k USING (subject_id, record_id);
    UPDATE public.arrival a SET closed = true
    FROM unnest(people, wanted) AS w (subject_id, record_id)
    WHERE a.subject_id = w.subject_id AND a.record_id = w.record_id AND NOT EXISTS (
        SELECT FROM public.record r WHERE r.subject_id = a.subject_id AND r.record_id = a.record_id);
END
$$;

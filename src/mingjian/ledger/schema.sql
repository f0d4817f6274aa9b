-- The ledger's tables, its only doors, and the guards that hold even against the owner of the tables.
-- Runtime roles may read, and write through ledger_append alone; the sequencer's role moves pending leaves into the
-- tree through ledger_sequence and publishes checkpoints through ledger_publish. Needs PostgreSQL 16 or newer.

CREATE TABLE public.ledger_pending (
    -- Order of arrival; holes are rolled-back acts.
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The act, as canonical JSON in UTF-8, written in the transaction of the act itself.
    body bytea NOT NULL,
    -- The database's clock when the act was written, 90 kHz ticks since 1970 UTC.
    received_at_90k bigint NOT NULL,
    -- The database login that wrote it, as the database knows it.
    writer text NOT NULL
);

CREATE TABLE public.ledger_entry (
    -- Epoch of the deployment; a restored database goes on in a new one.
    shard integer NOT NULL CHECK (shard >= 1),
    -- Index of the leaf in the shard's tree, from 0 without holes.
    seq bigint NOT NULL CHECK (seq >= 0),
    -- The pending leaf it was, so that none is taken twice.
    pending_id bigint NOT NULL UNIQUE,
    -- The leaf: canonical JSON {"entry", "received_at_90k", "seq", "shard", "writer"}.
    body bytea NOT NULL,
    -- Hash of the leaf, RFC 6962 section 2.1.
    leaf bytea NOT NULL,
    PRIMARY KEY (shard, seq),
    CONSTRAINT ledger_entry_leaf_is_hash_of_body CHECK (leaf = sha256('\x00'::bytea || body))
);

-- The kind of the act in a leaf. Immutable in fact: leaves are UTF-8 whatever the database's own encoding.
CREATE FUNCTION public.ledger_kind(leaf_body bytea) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT convert_from(leaf_body, 'UTF8')::jsonb #>> '{entry,kind}'
$$;

CREATE INDEX ledger_entry_kind ON public.ledger_entry (public.ledger_kind(body), shard, seq);

CREATE TABLE public.ledger_checkpoint (
    -- As in ledger_entry.
    shard integer NOT NULL,
    -- Number of leaves under this root.
    size bigint NOT NULL CHECK (size >= 1),
    -- Merkle root over the first `size` leaves of the shard.
    root bytea NOT NULL CHECK (octet_length(root) = 32),
    -- The signed note as published (C2SP signed-note, tlog-checkpoint).
    note text NOT NULL,
    -- When it was stored; a convenience for readers, proves nothing.
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (shard, size)
);

-- Doors -------------------------------------------------------------------------------------------------------------

CREATE FUNCTION public.ledger_append(body bytea) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    written text;
    new_id bigint;
BEGIN
    IF octet_length(body) > 65536 THEN
        RAISE EXCEPTION 'a ledger entry is at most 65536 bytes long' USING ERRCODE = 'program_limit_exceeded';
    END IF;
    written := convert_from(body, 'UTF8');
    IF written IS NOT JSON OBJECT WITH UNIQUE KEYS
        OR coalesce(written::jsonb ->> 'kind' !~ '^[a-z][a-z0-9_.]{0,63}$', true)
    THEN
        RAISE EXCEPTION 'a ledger entry is one JSON object with a kind' USING ERRCODE = 'invalid_json_text';
    END IF;
    INSERT INTO public.ledger_pending (body, received_at_90k, writer)
    VALUES (body, floor(extract(epoch FROM clock_timestamp()) * 90000)::bigint, session_user)
    RETURNING id INTO new_id;
    RETURN new_id;
END $$;

CREATE FUNCTION public.ledger_leaf_body(pending public.ledger_pending, shard integer, seq bigint) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT convert_to('{"entry":', 'UTF8') || pending.body || convert_to(
        ',"received_at_90k":' || pending.received_at_90k || ',"seq":' || seq || ',"shard":' || shard
        || ',"writer":' || to_json(pending.writer) || '}', 'UTF8')
$$;

-- Moves up to at_most pending acts into the shard's tree, oldest first, and returns how many.
CREATE FUNCTION public.ledger_sequence(target_shard integer, at_most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    first_seq bigint;
    taken bigint[];
BEGIN
    LOCK TABLE public.ledger_entry IN SHARE ROW EXCLUSIVE MODE;
    IF EXISTS (SELECT FROM public.ledger_entry e WHERE e.shard > target_shard) THEN
        RAISE EXCEPTION 'the ledger has gone on in a later shard' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    first_seq := coalesce((SELECT max(e.seq) + 1 FROM public.ledger_entry e WHERE e.shard = target_shard), 0);
    taken := ARRAY(SELECT p.id FROM public.ledger_pending p ORDER BY p.id LIMIT at_most);
    INSERT INTO public.ledger_entry (shard, seq, pending_id, body, leaf)
    SELECT target_shard, placed.seq, placed.id, placed.body, sha256('\x00'::bytea || placed.body)
    FROM (
        SELECT p.id, first_seq + chosen.place - 1 AS seq,
            public.ledger_leaf_body(p, target_shard, first_seq + chosen.place - 1) AS body
        FROM unnest(taken) WITH ORDINALITY AS chosen (id, place)
        JOIN public.ledger_pending p ON p.id = chosen.id
    ) AS placed
    ORDER BY placed.seq;
    DELETE FROM public.ledger_pending p WHERE p.id = ANY (taken);
    RETURN cardinality(taken);
END $$;

CREATE FUNCTION public.ledger_publish(shard integer, size bigint, root bytea, note text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.ledger_checkpoint (shard, size, root, note) VALUES (shard, size, root, note)
$$;

-- Guards ------------------------------------------------------------------------------------------------------------
-- Second barrier behind the privileges: a grant given by mistake, or the owner's own hand, is refused as well. They
-- fire ALWAYS, so that session_replication_role does not silence them.

CREATE FUNCTION public.ledger_guard_forbid() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'the ledger only grows: % on % is refused', lower(TG_OP), TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION public.ledger_guard_door() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
        WHERE c.oid = TG_RELID AND r.rolname = current_user
    ) THEN
        RAISE EXCEPTION 'rows of % are written through its function only', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.ledger_guard_entry() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    pending public.ledger_pending;
BEGIN
    SELECT * INTO pending FROM public.ledger_pending p WHERE p.id = NEW.pending_id;
    IF pending.id IS NULL OR NEW.body <> public.ledger_leaf_body(pending, NEW.shard, NEW.seq) THEN
        RAISE EXCEPTION 'a leaf is a pending act, word for word' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.seq > 0 AND NOT EXISTS (
        SELECT FROM public.ledger_entry e WHERE e.shard = NEW.shard AND e.seq = NEW.seq - 1
    ) THEN
        RAISE EXCEPTION 'leaves follow one another without holes' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.ledger_guard_pending_delete() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.ledger_entry e
        WHERE e.pending_id = OLD.id AND e.body = public.ledger_leaf_body(OLD, e.shard, e.seq)
    ) THEN
        RAISE EXCEPTION 'a pending act leaves only once it stands in the ledger'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN OLD;
END $$;

CREATE FUNCTION public.ledger_guard_checkpoint() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.ledger_entry e WHERE e.shard = NEW.shard AND e.seq = NEW.size - 1)
        OR EXISTS (SELECT FROM public.ledger_checkpoint c WHERE c.shard = NEW.shard AND c.size >= NEW.size)
    THEN
        RAISE EXCEPTION 'a checkpoint is larger than the last one and no larger than the ledger'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ledger_pending_door BEFORE INSERT ON public.ledger_pending
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_guard_door();
CREATE TRIGGER ledger_pending_forbid BEFORE UPDATE OR TRUNCATE ON public.ledger_pending
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_guard_forbid();
CREATE TRIGGER ledger_pending_delete BEFORE DELETE ON public.ledger_pending
    FOR EACH ROW EXECUTE FUNCTION public.ledger_guard_pending_delete();
CREATE TRIGGER ledger_entry_door BEFORE INSERT ON public.ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_guard_door();
CREATE TRIGGER ledger_entry_insert BEFORE INSERT ON public.ledger_entry
    FOR EACH ROW EXECUTE FUNCTION public.ledger_guard_entry();
CREATE TRIGGER ledger_entry_forbid BEFORE UPDATE OR DELETE OR TRUNCATE ON public.ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_guard_forbid();
CREATE TRIGGER ledger_checkpoint_door BEFORE INSERT ON public.ledger_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_guard_door();
CREATE TRIGGER ledger_checkpoint_insert BEFORE INSERT ON public.ledger_checkpoint
    FOR EACH ROW EXECUTE FUNCTION public.ledger_guard_checkpoint();
CREATE TRIGGER ledger_checkpoint_forbid BEFORE UPDATE OR DELETE OR TRUNCATE ON public.ledger_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_guard_forbid();

ALTER TABLE public.ledger_pending ENABLE ALWAYS TRIGGER ledger_pending_door;
ALTER TABLE public.ledger_pending ENABLE ALWAYS TRIGGER ledger_pending_forbid;
ALTER TABLE public.ledger_pending ENABLE ALWAYS TRIGGER ledger_pending_delete;
ALTER TABLE public.ledger_entry ENABLE ALWAYS TRIGGER ledger_entry_door;
ALTER TABLE public.ledger_entry ENABLE ALWAYS TRIGGER ledger_entry_insert;
ALTER TABLE public.ledger_entry ENABLE ALWAYS TRIGGER ledger_entry_forbid;
ALTER TABLE public.ledger_checkpoint ENABLE ALWAYS TRIGGER ledger_checkpoint_door;
ALTER TABLE public.ledger_checkpoint ENABLE ALWAYS TRIGGER ledger_checkpoint_insert;
ALTER TABLE public.ledger_checkpoint ENABLE ALWAYS TRIGGER ledger_checkpoint_forbid;

-- Nobody starts with anything: what PUBLIC and the database's default privileges gave to the new objects is taken back.

DO $$
DECLARE
    granted record;
BEGIN
    FOR granted IN
        SELECT DISTINCT c.oid::regclass::text AS object, CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind,
            a.grantee
        FROM pg_class c, aclexplode(c.relacl) a
        WHERE c.relnamespace = 'public'::regnamespace AND c.relname LIKE 'ledger\_%' AND c.relkind IN ('r', 'S')
            AND a.grantee <> c.relowner
        UNION
        SELECT DISTINCT p.oid::regprocedure::text, 'FUNCTION', a.grantee
        FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
        WHERE p.pronamespace = 'public'::regnamespace AND p.proname LIKE 'ledger\_%' AND a.grantee <> p.proowner
    LOOP
        EXECUTE format(
            'REVOKE ALL ON %s %s FROM %s', granted.kind, granted.object,
            CASE granted.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(granted.grantee)) END
        );
    END LOOP;
END $$;

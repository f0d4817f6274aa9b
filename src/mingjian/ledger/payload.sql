-- Free text beside the tree: a leaf holds a salted commitment to it, so that text and salt can be erased and the leaf
-- stays, saying nothing any more. Added to ledgers that stand; nothing of theirs is changed.

CREATE TABLE public.ledger_payload (
    -- sha256(0x02 || salt || text), as the leaf holds it.
    commitment bytea PRIMARY KEY CHECK (commitment = sha256('\x02'::bytea || salt || said)),
    -- 32 random bytes, so that nobody who guesses the text can check the guess once it is erased.
    salt bytea NOT NULL CHECK (octet_length(salt) = 32),
    -- The text, UTF-8.
    said bytea NOT NULL CHECK (octet_length(said) <= 65536)
);

-- Keeps a text that the act of the same transaction commits to.
CREATE FUNCTION public.ledger_keep(commitment bytea, salt bytea, said bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.ledger_payload (commitment, salt, said) VALUES (commitment, salt, said)
$$;

-- Writes the act that says why, and erases the texts it names; returns how many there were.
CREATE FUNCTION public.ledger_erase(commitments bytea[], act bytea) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    erased bigint;
BEGIN
    PERFORM public.ledger_append(act);
    DELETE FROM public.ledger_payload p WHERE p.commitment = ANY (commitments);
    GET DIAGNOSTICS erased = ROW_COUNT;
    RETURN erased;
END $$;

CREATE FUNCTION public.ledger_guard_erasure() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM public.ledger_pending p
        WHERE convert_from(p.body, 'UTF8')::jsonb ->> 'kind' = 'ledger.text_erased'
            AND convert_from(p.body, 'UTF8')::jsonb -> 'facts' -> 'commitments' ? encode(OLD.commitment, 'hex')
    ) THEN
        RAISE EXCEPTION 'a text is erased with the act that says why' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER ledger_payload_door BEFORE INSERT ON public.ledger_payload
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_guard_door();
CREATE TRIGGER ledger_payload_forbid BEFORE UPDATE OR TRUNCATE ON public.ledger_payload
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_guard_forbid();
CREATE TRIGGER ledger_payload_delete BEFORE DELETE ON public.ledger_payload
    FOR EACH ROW EXECUTE FUNCTION public.ledger_guard_erasure();
ALTER TABLE public.ledger_payload ENABLE ALWAYS TRIGGER ledger_payload_door;
ALTER TABLE public.ledger_payload ENABLE ALWAYS TRIGGER ledger_payload_forbid;
ALTER TABLE public.ledger_payload ENABLE ALWAYS TRIGGER ledger_payload_delete;

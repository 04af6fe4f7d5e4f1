-- deploy.tg_stepped_aside_at_commit_check()
-- Refuses the end of a transaction in which something stepped aside and did not come back.
-- requires: nothing
-- source:   docs/beside.md, "When it is forgotten"

-- SET CONSTRAINTS ALL IMMEDIATE, which Django sends in the middle of a migration, fires this too. A first call within one
-- message of the client only puts itself off; at COMMIT the second follows at once, in the same message.
CREATE OR REPLACE FUNCTION deploy.tg_stepped_aside_at_commit_check()
RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_things text;
BEGIN
    SELECT string_agg(concat_ws(' ', asi.kind, asi.identity), ', ') INTO v_things
    FROM deploy.stepped_aside AS asi WHERE asi.is_root OR asi.state <> 'stays';
    IF v_things IS NULL THEN
        RETURN NULL;
    END IF;
    IF new.asked_at IS DISTINCT FROM statement_timestamp() THEN
        SET CONSTRAINTS deploy.stepped_aside_at_commit_check DEFERRED;
        UPDATE deploy.stepped_aside AS asi SET asked_at = statement_timestamp()
        WHERE asi.kind = new.kind AND asi.identity = new.identity;
        RETURN NULL;
    END IF;
    RAISE EXCEPTION USING
        ERRCODE = 'object_not_in_prerequisite_state',
        MESSAGE = 'deploy.come_back() was not called',
        DETAIL = format('Still aside: %s.', v_things),
        HINT = 'Call it after the change and before COMMIT. Nothing of this transaction remains.';
END;
$$;

COMMENT ON FUNCTION deploy.tg_stepped_aside_at_commit_check IS
'Raises 55000 at COMMIT, so that no other session ever finds a view empty or missing.';

REVOKE ALL ON FUNCTION deploy.tg_stepped_aside_at_commit_check FROM PUBLIC;

-- PostgreSQL has no CREATE OR REPLACE for constraint triggers.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS trg
        WHERE trg.tgrelid = 'deploy.stepped_aside'::regclass AND trg.tgname = 'stepped_aside_at_commit_check'
    ) THEN
        CREATE CONSTRAINT TRIGGER stepped_aside_at_commit_check AFTER INSERT OR UPDATE OF asked_at
        ON deploy.stepped_aside DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (new.is_root)
        EXECUTE FUNCTION deploy.tg_stepped_aside_at_commit_check();
    END IF;
END;
$$;

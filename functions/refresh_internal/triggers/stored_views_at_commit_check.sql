-- refresh_internal.tg_stored_views_at_commit_check()
-- Checks a declaration when its transaction ends, after the calls of refresh.affects() that follow refresh.store().
-- requires: refresh_internal.check_declaration()
-- source:   docs/refresh.md, "From a change to keys"

CREATE OR REPLACE FUNCTION refresh_internal.tg_stored_views_at_commit_check()
RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM refresh_internal.check_declaration(new.view_id);
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION refresh_internal.tg_stored_views_at_commit_check IS
'Raises 55000 at the end of the transaction when a source of the stored view has no mapping.';

REVOKE ALL ON FUNCTION refresh_internal.tg_stored_views_at_commit_check FROM PUBLIC;

-- PostgreSQL has no CREATE OR REPLACE for constraint triggers.
DO $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_catalog.pg_trigger AS trg
        WHERE trg.tgrelid = 'refresh.stored_views'::regclass AND trg.tgname = 'stored_views_at_commit_check'
    ) THEN
        CREATE CONSTRAINT TRIGGER stored_views_at_commit_check AFTER INSERT OR UPDATE OF declared_in, generation
        ON refresh.stored_views DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refresh_internal.tg_stored_views_at_commit_check();
    END IF;
END;
$$;

-- refresh_internal.lock_view()
-- Makes sure that only this transaction refreshes or changes a stored view.
-- requires: nothing
-- source:   docs/refresh.md, "A run, step by step"

CREATE OR REPLACE FUNCTION refresh_internal.lock_view(p_view_id integer, p_wait boolean DEFAULT TRUE)
RETURNS boolean LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF p_wait THEN
        PERFORM pg_advisory_xact_lock(hashtext('tidemark.refresh'), p_view_id);
        RETURN TRUE;
    END IF;
    RETURN pg_try_advisory_xact_lock(hashtext('tidemark.refresh'), p_view_id);
END;
$$;

COMMENT ON FUNCTION refresh_internal.lock_view IS
'True when the lock is held, until the end of the transaction; p_wait false: false at once when another session has it.';

REVOKE ALL ON FUNCTION refresh_internal.lock_view FROM PUBLIC;

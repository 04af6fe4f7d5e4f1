-- refresh_internal.lock_view()
-- Makes sure that only this transaction refreshes or changes a stored view.
-- requires: refresh_internal.create_lock()
-- source:   docs/refresh.md, "Locks"

-- The lock of a table, which only those may take who may write it: anybody who can connect may take an advisory lock, and keep
-- it. Taking it writes nothing, not even a row version.
CREATE OR REPLACE FUNCTION refresh_internal.lock_view(p_view_id integer, p_wait boolean DEFAULT TRUE)
RETURNS boolean LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass('refresh_data.lock_of_' || p_view_id) IS NULL THEN
        PERFORM refresh_internal.create_lock(p_view_id);
    END IF;
    IF p_wait THEN
        EXECUTE format('LOCK TABLE refresh_data.lock_of_%s IN EXCLUSIVE MODE', p_view_id);
        RETURN TRUE;
    END IF;
    BEGIN
        EXECUTE format('LOCK TABLE refresh_data.lock_of_%s IN EXCLUSIVE MODE NOWAIT', p_view_id);
    EXCEPTION
        WHEN lock_not_available THEN
            RETURN FALSE;
    END;
    RETURN TRUE;
END;
$$;

COMMENT ON FUNCTION refresh_internal.lock_view IS
'True when the lock is held, until the end of the transaction; p_wait false: false at once when another session has it.';

REVOKE ALL ON FUNCTION refresh_internal.lock_view FROM PUBLIC;

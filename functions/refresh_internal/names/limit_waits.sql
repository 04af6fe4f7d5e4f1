-- refresh_internal.limit_waits()
-- Gives a transaction that would wait for locks without limit one of five seconds.
-- requires: nothing
-- source:   docs/refresh.md, "Locks"

-- Who waits for a strong lock makes everybody wait who comes after: a long report must not stop a whole application that way.
CREATE OR REPLACE FUNCTION refresh_internal.limit_waits()
RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_before text := current_setting('lock_timeout');
BEGIN
    IF v_before = '0' THEN
        PERFORM set_config('lock_timeout', '5s', TRUE);
    END IF;
    RETURN v_before;
END;
$$;

COMMENT ON FUNCTION refresh_internal.limit_waits IS
'Returns the lock_timeout of before, for the caller to put back; a limit that the session has stays.';

REVOKE ALL ON FUNCTION refresh_internal.limit_waits FROM PUBLIC;

-- refresh_internal.crash_mark_now()
-- The mark that goes when a crash empties all unlogged tables.
-- requires: nothing
-- source:   docs/refresh.md, "Capture"

-- PL/pgSQL, because a standby refuses every look at an unlogged table, even one that is never taken.
CREATE OR REPLACE FUNCTION refresh_internal.crash_mark_now(p_make boolean DEFAULT FALSE)
RETURNS uuid LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_mark uuid;
BEGIN
    IF pg_is_in_recovery() THEN
        RETURN NULL;
    END IF;
    SELECT cm.mark INTO v_mark FROM refresh.crash_mark AS cm;
    IF v_mark IS NULL AND p_make THEN
        INSERT INTO refresh.crash_mark DEFAULT VALUES ON CONFLICT DO NOTHING;
        SELECT cm.mark INTO v_mark FROM refresh.crash_mark AS cm;
    END IF;
    RETURN v_mark;
END;
$$;

COMMENT ON FUNCTION refresh_internal.crash_mark_now IS
'NULL: there was a crash since the last look, or this is a standby, where unlogged tables cannot be read at all. p_make: sets a new mark where there is none.';

REVOKE ALL ON FUNCTION refresh_internal.crash_mark_now FROM PUBLIC;

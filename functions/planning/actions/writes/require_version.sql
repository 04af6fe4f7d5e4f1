-- planning.require_version()
-- Ends the statement when somebody else changed a row since the caller read it.
-- requires: nothing
-- source:   docs/planning_writes.md, "Versions"

CREATE OR REPLACE FUNCTION planning.require_version(p_found integer, p_expected integer)
RETURNS void LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF p_found <> p_expected THEN
        RAISE EXCEPTION USING
            ERRCODE = 'serialization_failure',
            MESSAGE = 'the row was changed since it was read',
            DETAIL = format('Version %s is expected, version %s is there.', p_expected, p_found),
            HINT = 'Read it again, and try with what it says now.';
    END IF;
END;
$$;

COMMENT ON FUNCTION planning.require_version IS
'p_expected NULL: any will do. Raises 40001.';

REVOKE ALL ON FUNCTION planning.require_version FROM PUBLIC;

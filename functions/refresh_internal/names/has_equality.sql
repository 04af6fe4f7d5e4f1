-- refresh_internal.has_equality()
-- Tells whether values of a type can be compared, so that duplicates can be removed.
-- requires: nothing
-- source:   docs/refresh.md, "Capture"

-- Asking the planner covers arrays, domains, enums and ranges alike; json, xml and point are the usual exceptions.
CREATE OR REPLACE FUNCTION refresh_internal.has_equality(p_type text)
RETURNS boolean LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('SELECT DISTINCT NULL::%s', p_type);
    RETURN TRUE;
EXCEPTION
    WHEN undefined_function THEN
        RETURN FALSE;
END;
$$;

COMMENT ON FUNCTION refresh_internal.has_equality IS
'True when DISTINCT works on the type, written as format_type() writes it.';

REVOKE ALL ON FUNCTION refresh_internal.has_equality FROM PUBLIC;

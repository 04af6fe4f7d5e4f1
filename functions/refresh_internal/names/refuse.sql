-- refresh_internal.refuse()
-- Raises an error of the engine with all its parts.
-- requires: nothing
-- source:   docs/errors.md

CREATE OR REPLACE FUNCTION refresh_internal.refuse(p_code text, p_message text, p_detail text, p_hint text)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = p_code, MESSAGE = p_message, DETAIL = p_detail, HINT = p_hint;
END;
$$;

COMMENT ON FUNCTION refresh_internal.refuse IS
'Always raises. p_code: a condition name or an SQLSTATE.';

REVOKE ALL ON FUNCTION refresh_internal.refuse FROM PUBLIC;

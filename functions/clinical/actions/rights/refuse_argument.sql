-- clinical.refuse_argument()
-- Ends a read whose arguments cannot be.
-- requires: nothing
-- source:   docs/clinical.md, "Refusals"

CREATE OR REPLACE FUNCTION clinical.refuse_argument(p_code text, p_message text, p_hint text)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = p_message, DETAIL = p_code, HINT = p_hint;
END;
$$;

COMMENT ON FUNCTION clinical.refuse_argument IS
'Always raises 22023; the code is the detail of the error, for programs.';

REVOKE ALL ON FUNCTION clinical.refuse_argument FROM PUBLIC;

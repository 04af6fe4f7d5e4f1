-- planning.refuse_code()
-- Ends the statement with one of the codes of planning.
-- requires: nothing
-- source:   docs/planning_writes.md, "Refusals"

CREATE OR REPLACE FUNCTION planning.refuse_code(p_code text, p_message text, p_detail text, p_hint text)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = p_message, DETAIL = p_detail, HINT = p_hint, CONSTRAINT = p_code;
END;
$$;

COMMENT ON FUNCTION planning.refuse_code IS
'Always raises 23514; the code is the constraint name of the error, for programs.';

REVOKE ALL ON FUNCTION planning.refuse_code FROM PUBLIC;

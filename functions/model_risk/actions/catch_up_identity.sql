-- model_risk.catch_up_identity()
-- Moves the counter of an identity column past rows that were loaded with numbers of their own.
-- requires: nothing
-- source:   docs/model_risk.md, "Imports"

CREATE OR REPLACE FUNCTION model_risk.catch_up_identity(p_table text, p_column text)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_sequence regclass := pg_get_serial_sequence(p_table, p_column);
    v_highest bigint;
    v_last bigint;
BEGIN
    EXECUTE format('SELECT max(tab.%I) FROM %s AS tab', p_column, p_table::regclass) INTO v_highest;
    EXECUTE format('SELECT seq.last_value FROM %s AS seq', v_sequence) INTO v_last;
    IF v_highest >= v_last THEN
        PERFORM setval(v_sequence, v_highest);
    END IF;
END;
$$;

COMMENT ON FUNCTION model_risk.catch_up_identity IS
'A counter that is ahead stays as it is.';

REVOKE ALL ON FUNCTION model_risk.catch_up_identity FROM PUBLIC;

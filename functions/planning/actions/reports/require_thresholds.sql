-- planning.require_thresholds()
-- Ends the statement unless thresholds of variance are percentages.
-- requires: nothing
-- source:   docs/planning.md, "Variance"

CREATE OR REPLACE FUNCTION planning.require_thresholds(VARIADIC p_thresholds numeric[])
RETURNS void LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_threshold numeric;
BEGIN
    FOREACH v_threshold IN ARRAY p_thresholds LOOP
        IF v_threshold IS NULL OR v_threshold NOT BETWEEN 0 AND 100 THEN
            RAISE EXCEPTION USING
                ERRCODE = 'invalid_parameter_value',
                MESSAGE = format('%s is no threshold of variance', coalesce(v_threshold::text, 'NULL')),
                DETAIL = 'Thresholds are percentages of the forecast from 0 to 100.',
                HINT = 'Leave them out for 20 and 30 percent of allocation, 10 and 20 percent of cost.';
        END IF;
    END LOOP;
END;
$$;

COMMENT ON FUNCTION planning.require_thresholds IS
'Raises 22023.';

REVOKE ALL ON FUNCTION planning.require_thresholds FROM PUBLIC;

-- refresh_internal.trim_log()
-- Removes old lines from the run log and the breach log.
-- requires: refresh_internal.refuse()
-- source:   docs/refresh.md, "The run log"

CREATE OR REPLACE FUNCTION refresh_internal.trim_log()
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_days text := coalesce(nullif(current_setting('tidemark.run_log_days', TRUE), ''), '30');
    v_oldest timestamptz;
    v_runs bigint;
    v_breaches bigint;
BEGIN
    IF v_days !~ '^\d{1,5}$' THEN
        PERFORM refresh_internal.refuse('invalid_parameter_value', format('"%s" is not a number of days', v_days),
            'The setting tidemark.run_log_days says how long the run log is kept.',
            'Set it to a whole number of days, such as 30.');
    END IF;
    v_oldest := clock_timestamp() - v_days::integer * interval '1 day';
    DELETE FROM refresh.runs AS log WHERE log.started_at < v_oldest;
    GET DIAGNOSTICS v_runs = ROW_COUNT;
    DELETE FROM refresh.breaches AS bre WHERE bre.ended_at < v_oldest;
    GET DIAGNOSTICS v_breaches = ROW_COUNT;
    RETURN v_runs + v_breaches;
END;
$$;

COMMENT ON FUNCTION refresh_internal.trim_log IS
'Number of lines removed: those older than tidemark.run_log_days (default 30). An open breach stays.';

REVOKE ALL ON FUNCTION refresh_internal.trim_log FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_internal.trim_log TO tidemark_operator;

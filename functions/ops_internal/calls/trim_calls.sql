-- ops_internal.trim_calls()
-- The chore of a tick: removes old lines from the list of calls.
-- requires: nothing
-- source:   docs/calls.md

CREATE OR REPLACE FUNCTION ops_internal.trim_calls()
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_days text := coalesce(nullif(current_setting('tidemark.call_log_days', TRUE), ''), '7');
    v_count bigint;
BEGIN
    IF v_days !~ '^\d{1,5}$' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('"%s" is not a number of days', v_days),
            DETAIL = 'The setting tidemark.call_log_days says how long calls are kept.',
            HINT = 'Set it to a whole number of days, such as 7.';
    END IF;
    DELETE FROM ops.call AS cal WHERE cal.started_at < clock_timestamp() - v_days::integer * interval '1 day';
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END;
$$;

COMMENT ON FUNCTION ops_internal.trim_calls IS
'Number of lines removed: those older than tidemark.call_log_days (default 7).';

REVOKE ALL ON FUNCTION ops_internal.trim_calls FROM PUBLIC;

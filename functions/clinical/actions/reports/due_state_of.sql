-- clinical.due_state_of()
-- Where each tracker of a reporting effort, or of all, stands on a day.
-- requires: clinical.require_permission(), clinical.note_read(), clinical.tracker_due, refresh.use_as_of(), refresh.as_of_date()
-- source:   docs/clinical.md, "Due dates"

CREATE OR REPLACE FUNCTION clinical.due_state_of(
    p_actor_id integer, p_effort_id integer DEFAULT NULL, p_as_of date DEFAULT refresh.as_of_date()
)
RETURNS TABLE (
    tracker_id integer,
    reporting_effort_id integer,
    due_date date,
    due_state text,
    days_late integer,
    valid_until date
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_started timestamptz := clock_timestamp();
    v_row_count bigint;
    v_visibility text := clinical.require_permission(p_actor_id);
    v_day_before text;
BEGIN
    v_day_before := refresh.use_as_of(p_as_of);
    RETURN QUERY
    SELECT
        due.tracker_id,
        due.reporting_effort_id,
        due.due_date,
        due.due_state,
        due.days_late,
        due.valid_until
    FROM clinical.tracker_due AS due
    WHERE (p_effort_id IS NULL OR due.reporting_effort_id = p_effort_id) AND (v_visibility = 'all' OR due.is_active)
    ORDER BY due.tracker_id;
    GET DIAGNOSTICS v_row_count = ROW_COUNT;
    PERFORM set_config('tidemark.as_of', v_day_before, TRUE);
    PERFORM clinical.note_read('due_state_of', p_actor_id, v_started, v_row_count, 'report');
END;
$$;

COMMENT ON FUNCTION clinical.due_state_of IS
'A state holds from p_as_of to the day before valid_until. Raises 42501 without core.read.';

REVOKE ALL ON FUNCTION clinical.due_state_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.due_state_of TO tidemark_app;

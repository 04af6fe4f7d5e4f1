-- clinical.due_calendar_of()
-- How much is due on each day, of one reporting effort or of each.
-- requires: clinical.require_permission(), clinical.note_read(), clinical.due_calendar_by_day
-- source:   docs/clinical.md, "Due dates"

CREATE OR REPLACE FUNCTION clinical.due_calendar_of(p_actor_id integer, p_effort_id integer DEFAULT NULL)
RETURNS TABLE (
    reporting_effort_id integer,
    due_date date,
    total bigint,
    production_open bigint,
    qc_open bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_started timestamptz := clock_timestamp();
    v_row_count bigint;
    v_visibility text := clinical.require_permission(p_actor_id);
BEGIN
    RETURN QUERY
    SELECT
        cal.reporting_effort_id,
        cal.due_date,
        cal.total,
        cal.production_open,
        cal.qc_open
    FROM clinical.due_calendar_by_day AS cal
    WHERE cal.visibility = v_visibility AND (p_effort_id IS NULL OR cal.reporting_effort_id = p_effort_id)
    ORDER BY cal.reporting_effort_id, cal.due_date;
    GET DIAGNOSTICS v_row_count = ROW_COUNT;
    PERFORM clinical.note_read('due_calendar_of', p_actor_id, v_started, v_row_count, 'report');
END;
$$;

COMMENT ON FUNCTION clinical.due_calendar_of IS
'Trackers without a due date are the last row of an effort. Raises 42501 without core.read.';

REVOKE ALL ON FUNCTION clinical.due_calendar_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.due_calendar_of TO tidemark_app;

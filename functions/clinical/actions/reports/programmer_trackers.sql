-- clinical.programmer_trackers()
-- The trackers of one programmer, the most urgent first.
-- requires: clinical.require_permission(), clinical.note_read()
-- source:   docs/clinical.md, "Workload"

CREATE OR REPLACE FUNCTION clinical.programmer_trackers(p_actor_id integer, p_user_id integer)
RETURNS TABLE (
    tracker_id integer,
    reporting_effort_id integer,
    item_code text,
    produces boolean,
    checks boolean,
    production_status text,
    qc_status text,
    priority text,
    due_date date
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
        trk.id,
        trk.reporting_effort_id,
        itm.item_code,
        trk.production_programmer_id IS NOT DISTINCT FROM p_user_id,
        trk.qc_programmer_id IS NOT DISTINCT FROM p_user_id,
        trk.production_status,
        trk.qc_status,
        trk.priority,
        trk.due_date
    FROM clinical.reporting_effort_item_tracker AS trk
    INNER JOIN clinical.reporting_effort_items AS itm ON trk.reporting_effort_item_id = itm.id
    WHERE (trk.production_programmer_id = p_user_id OR trk.qc_programmer_id = p_user_id) AND (v_visibility = 'all' OR itm.is_active)
    ORDER BY trk.priority_rank, trk.due_date, trk.id;
    GET DIAGNOSTICS v_row_count = ROW_COUNT;
    PERFORM clinical.note_read('programmer_trackers', p_actor_id, v_started, v_row_count);
END;
$$;

COMMENT ON FUNCTION clinical.programmer_trackers IS
'By priority, due date (none last) and id. Raises 42501 without core.read.';

REVOKE ALL ON FUNCTION clinical.programmer_trackers FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.programmer_trackers TO tidemark_app;

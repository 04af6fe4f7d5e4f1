-- clinical.overdue_list()
-- Overdue trackers of a reporting effort, or of each, the oldest first.
-- requires: clinical.require_permission(), clinical.note_read(), clinical.days_late(), refresh.as_of_date()
-- source:   docs/clinical.md, "Due dates"

CREATE OR REPLACE FUNCTION clinical.overdue_list(
    p_actor_id integer, p_effort_id integer DEFAULT NULL, p_as_of date DEFAULT refresh.as_of_date()
)
RETURNS TABLE (
    reporting_effort_id integer,
    "position" bigint, -- noqa: RF06
    tracker_id integer,
    due_date date,
    priority_rank smallint,
    days_late integer
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
        trk.reporting_effort_id,
        row_number() OVER (PARTITION BY trk.reporting_effort_id ORDER BY trk.due_date, trk.priority_rank, trk.id),
        trk.id,
        trk.due_date,
        trk.priority_rank,
        clinical.days_late(trk.production_status, trk.due_date, p_as_of)
    FROM clinical.reporting_effort_item_tracker AS trk
    INNER JOIN clinical.reporting_effort_items AS itm
        ON trk.reporting_effort_item_id = itm.id AND trk.reporting_effort_id = itm.reporting_effort_id
    -- what days_late() and due_state() call overdue, in the words of the index
    WHERE trk.production_status <> 'completed' AND trk.due_date IS NOT NULL AND trk.due_date < p_as_of
        AND (p_effort_id IS NULL OR trk.reporting_effort_id = p_effort_id)
        AND (v_visibility = 'all' OR itm.is_active)
    ORDER BY trk.reporting_effort_id, trk.due_date, trk.priority_rank, trk.id;
    GET DIAGNOSTICS v_row_count = ROW_COUNT;
    PERFORM clinical.note_read('overdue_list', p_actor_id, v_started, v_row_count, 'report');
END;
$$;

COMMENT ON FUNCTION clinical.overdue_list IS
'position: within the effort, by due date, priority and id. Raises 42501 without core.read.';

REVOKE ALL ON FUNCTION clinical.overdue_list FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.overdue_list TO tidemark_app;

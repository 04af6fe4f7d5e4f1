-- clinical.effort_progress_of()
-- How far one reporting effort is, or each.
-- requires: clinical.require_permission(), clinical.note_read(), clinical.effort_progress_by_effort
-- source:   docs/clinical.md, "Progress"

CREATE OR REPLACE FUNCTION clinical.effort_progress_of(p_actor_id integer, p_effort_id integer DEFAULT NULL)
RETURNS TABLE (
    reporting_effort_id integer,
    items_total bigint,
    items_inactive bigint,
    items_without_tracker bigint,
    trackers_total bigint,
    prod_not_started bigint,
    prod_in_progress bigint,
    prod_completed bigint,
    prod_on_hold bigint,
    qc_not_started bigint,
    qc_in_progress bigint,
    qc_completed bigint,
    qc_failed bigint,
    done bigint,
    in_progress_any bigint,
    completion_pct integer,
    unassigned_production bigint,
    unassigned_qc bigint,
    in_production bigint,
    unresolved_comments bigint,
    trackers_with_unresolved bigint,
    next_due_date date
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
        prg.reporting_effort_id,
        prg.items_total,
        prg.items_inactive,
        prg.items_without_tracker,
        prg.trackers_total,
        prg.prod_not_started,
        prg.prod_in_progress,
        prg.prod_completed,
        prg.prod_on_hold,
        prg.qc_not_started,
        prg.qc_in_progress,
        prg.qc_completed,
        prg.qc_failed,
        prg.done,
        prg.in_progress_any,
        prg.completion_pct,
        prg.unassigned_production,
        prg.unassigned_qc,
        prg.in_production,
        prg.unresolved_comments,
        prg.trackers_with_unresolved,
        prg.next_due_date
    FROM clinical.effort_progress_by_effort AS prg
    WHERE prg.visibility = v_visibility AND (p_effort_id IS NULL OR prg.reporting_effort_id = p_effort_id)
    ORDER BY prg.reporting_effort_id;
    GET DIAGNOSTICS v_row_count = ROW_COUNT;
    PERFORM clinical.note_read('effort_progress_of', p_actor_id, v_started, v_row_count, 'report');
END;
$$;

COMMENT ON FUNCTION clinical.effort_progress_of IS
'What clinical.effort_progress says to the visibility of the user, right at every commit. Raises 42501 without core.read.';

REVOKE ALL ON FUNCTION clinical.effort_progress_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.effort_progress_of TO tidemark_app;

-- clinical.workload_totals_of()
-- How many trackers there are, and how far their production is.
-- requires: clinical.require_permission(), clinical.note_read(), clinical.effort_progress_by_effort
-- source:   docs/clinical.md, "Workload"

CREATE OR REPLACE FUNCTION clinical.workload_totals_of(p_actor_id integer)
RETURNS TABLE (
    total_items bigint,
    in_progress bigint,
    completed bigint
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
        coalesce(sum(prg.trackers_total), 0)::bigint,
        coalesce(sum(prg.prod_in_progress), 0)::bigint,
        coalesce(sum(prg.prod_completed), 0)::bigint
    FROM clinical.effort_progress_by_effort AS prg
    WHERE prg.visibility = v_visibility;
    GET DIAGNOSTICS v_row_count = ROW_COUNT;
    PERFORM clinical.note_read('workload_totals_of', p_actor_id, v_started, v_row_count, 'report');
END;
$$;

COMMENT ON FUNCTION clinical.workload_totals_of IS
'One row. The sums of clinical.workload_pairs_of(). Raises 42501 without core.read.';

REVOKE ALL ON FUNCTION clinical.workload_totals_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.workload_totals_of TO tidemark_app;

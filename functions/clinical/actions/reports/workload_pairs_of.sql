-- clinical.workload_pairs_of()
-- How many trackers each pair of programmers shares.
-- requires: clinical.require_permission(), clinical.note_read(), clinical.programmer_pairs
-- source:   docs/clinical.md, "Workload"

CREATE OR REPLACE FUNCTION clinical.workload_pairs_of(p_actor_id integer)
RETURNS TABLE (
    production_programmer_id integer,
    qc_programmer_id integer,
    total bigint,
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
        pai.production_programmer_id,
        pai.qc_programmer_id,
        pai.total,
        pai.in_progress,
        pai.completed
    FROM clinical.programmer_pairs AS pai
    WHERE pai.visibility = v_visibility
    ORDER BY pai.production_programmer_id, pai.qc_programmer_id;
    GET DIAGNOSTICS v_row_count = ROW_COUNT;
    PERFORM clinical.note_read('workload_pairs_of', p_actor_id, v_started, v_row_count, 'report');
END;
$$;

COMMENT ON FUNCTION clinical.workload_pairs_of IS
'NULL: nobody, a group of its own. Raises 42501 without core.read.';

REVOKE ALL ON FUNCTION clinical.workload_pairs_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.workload_pairs_of TO tidemark_app;

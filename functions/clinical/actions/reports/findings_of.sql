-- clinical.findings_of()
-- What looks wrong in one reporting effort, or in each.
-- requires: clinical.require_permission(), clinical.note_read(), clinical.finding
-- source:   docs/clinical.md, "Findings"

CREATE OR REPLACE FUNCTION clinical.findings_of(p_actor_id integer, p_effort_id integer DEFAULT NULL)
RETURNS TABLE (
    reporting_effort_id integer,
    item_id integer,
    tracker_id integer,
    finding text
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
        fnd.reporting_effort_id,
        fnd.item_id,
        fnd.tracker_id,
        fnd.finding
    FROM clinical.finding AS fnd
    WHERE (p_effort_id IS NULL OR fnd.reporting_effort_id = p_effort_id) AND (v_visibility = 'all' OR fnd.is_active)
    ORDER BY fnd.reporting_effort_id, fnd.item_id, fnd.finding COLLATE "C";
    GET DIAGNOSTICS v_row_count = ROW_COUNT;
    PERFORM clinical.note_read('findings_of', p_actor_id, v_started, v_row_count, 'report');
END;
$$;

COMMENT ON FUNCTION clinical.findings_of IS
'Several rows for an item with several findings. Raises 42501 without core.read.';

REVOKE ALL ON FUNCTION clinical.findings_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.findings_of TO tidemark_app;

-- clinical.effort_subtypes_of()
-- How far each kind of item is, of one reporting effort or of each.
-- requires: clinical.require_permission(), clinical.note_read(), clinical.effort_subtypes_by_effort
-- source:   docs/clinical.md, "Progress"

CREATE OR REPLACE FUNCTION clinical.effort_subtypes_of(p_actor_id integer, p_effort_id integer DEFAULT NULL)
RETURNS TABLE (
    reporting_effort_id integer,
    item_type text,
    item_subtype text,
    total bigint,
    completed bigint,
    in_progress bigint,
    done bigint
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
        sub.reporting_effort_id,
        sub.item_type,
        sub.item_subtype,
        sub.total,
        sub.completed,
        sub.in_progress,
        sub.done
    FROM clinical.effort_subtypes_by_effort AS sub
    WHERE sub.visibility = v_visibility AND (p_effort_id IS NULL OR sub.reporting_effort_id = p_effort_id)
    ORDER BY sub.reporting_effort_id, sub.item_type COLLATE "C", sub.item_subtype COLLATE "C";
    GET DIAGNOSTICS v_row_count = ROW_COUNT;
    PERFORM clinical.note_read('effort_subtypes_of', p_actor_id, v_started, v_row_count, 'report');
END;
$$;

COMMENT ON FUNCTION clinical.effort_subtypes_of IS
'Kinds without trackers have no row. Raises 42501 without core.read.';

REVOKE ALL ON FUNCTION clinical.effort_subtypes_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.effort_subtypes_of TO tidemark_app;

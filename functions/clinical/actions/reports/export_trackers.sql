-- clinical.export_trackers()
-- The trackers of a reporting effort as rows that an import takes.
-- requires: clinical.require_permission(), clinical.note_read(), clinical.refuse_argument(), clinical.tracker_detail
-- source:   docs/clinical.md, "Export"

CREATE OR REPLACE FUNCTION clinical.export_trackers(p_actor_id integer, p_effort_id integer)
RETURNS TABLE (
    item_id integer,
    item_type text,
    item_subtype text,
    item_code text,
    tracker_id integer,
    production_programmer_username text,
    production_status text,
    qc_programmer_username text,
    qc_status text,
    priority text,
    due_date date,
    qc_completion_date date,
    in_production_flag boolean
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_started timestamptz := clock_timestamp();
    v_row_count bigint;
    v_visibility text := clinical.require_permission(p_actor_id, 'tracker.export');
BEGIN
    IF NOT EXISTS (
        SELECT FROM clinical.reporting_effort_items AS itm
        WHERE itm.reporting_effort_id = p_effort_id AND (v_visibility = 'all' OR itm.is_active)
    ) THEN
        PERFORM clinical.refuse_argument(
            'effort_has_no_items', format('reporting effort %s has no items', coalesce(p_effort_id::text, 'NULL')),
            'Give the id of a reporting effort with items.'
        );
    END IF;
    RETURN QUERY
    SELECT
        trk.reporting_effort_item_id,
        trk.item_type,
        trk.item_subtype,
        trk.item_code,
        trk.id,
        trk.prod_programmer_username,
        trk.production_status,
        trk.qc_programmer_username,
        trk.qc_status,
        trk.priority,
        trk.due_date,
        trk.qc_completion_date,
        trk.in_production_flag
    FROM clinical.tracker_detail AS trk
    WHERE trk.reporting_effort_id = p_effort_id AND (v_visibility = 'all' OR trk.is_active)
    ORDER BY trk.item_code COLLATE "C", trk.reporting_effort_item_id;
    GET DIAGNOSTICS v_row_count = ROW_COUNT;
    PERFORM clinical.note_read('export_trackers', p_actor_id, v_started, v_row_count);
END;
$$;

COMMENT ON FUNCTION clinical.export_trackers IS
'By item code, then item. Raises 42501 without tracker.export, 22023 with the detail effort_has_no_items.';

REVOKE ALL ON FUNCTION clinical.export_trackers FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.export_trackers TO tidemark_app;

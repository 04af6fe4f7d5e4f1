-- clinical.tracker_bulk()
-- All trackers of a reporting effort that a user sees, in one statement.
-- requires: clinical.require_permission(), clinical.note_read(), clinical.tracker_detail
-- source:   docs/clinical.md, "Lists"

CREATE OR REPLACE FUNCTION clinical.tracker_bulk(p_actor_id integer, p_effort_id integer)
RETURNS TABLE (
    reporting_effort_id integer,
    id integer,
    reporting_effort_item_id integer,
    item_code text,
    item_type text,
    item_subtype text,
    item_title text,
    production_programmer_id integer,
    prod_programmer_username text,
    production_status text,
    qc_programmer_id integer,
    qc_programmer_username text,
    qc_status text,
    priority text,
    qc_level text,
    due_date date,
    qc_completion_date date,
    in_production_flag boolean,
    is_active boolean,
    unresolved_comment_count integer,
    comment_count bigint,
    tags jsonb,
    created_at timestamptz,
    updated_at timestamptz
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
        trk.id,
        trk.reporting_effort_item_id,
        trk.item_code,
        trk.item_type,
        trk.item_subtype,
        trk.item_title,
        trk.production_programmer_id,
        trk.prod_programmer_username,
        trk.production_status,
        trk.qc_programmer_id,
        trk.qc_programmer_username,
        trk.qc_status,
        trk.priority,
        trk.qc_level,
        trk.due_date,
        trk.qc_completion_date,
        trk.in_production_flag,
        trk.is_active,
        trk.unresolved_comment_count,
        trk.comment_count,
        trk.tags,
        trk.created_at,
        trk.updated_at
    FROM clinical.tracker_detail AS trk
    WHERE trk.reporting_effort_id = p_effort_id AND (v_visibility = 'all' OR trk.is_active)
    ORDER BY trk.item_code COLLATE "C", trk.id;
    GET DIAGNOSTICS v_row_count = ROW_COUNT;
    PERFORM clinical.note_read('tracker_bulk', p_actor_id, v_started, v_row_count);
END;
$$;

COMMENT ON FUNCTION clinical.tracker_bulk IS
'By item code, then id. No row for an unknown effort. Raises 42501 without core.read.';

REVOKE ALL ON FUNCTION clinical.tracker_bulk FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.tracker_bulk TO tidemark_app;

-- clinical.tracker_rows()
-- Some fields of some trackers, as JSON objects in the order of the ids.
-- requires: clinical.due_state(), clinical.days_late()
-- source:   docs/clinical.md, "Lists"
-- The fields are constants to the planner: what no field needs is not joined.

CREATE OR REPLACE FUNCTION clinical.tracker_rows(p_ids integer[], p_fields text[], p_as_of date)
RETURNS jsonb LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET plan_cache_mode = force_custom_plan
AS $$
DECLARE
    v_rows jsonb;
BEGIN
    SELECT coalesce(jsonb_agg(
        (SELECT jsonb_object_agg(fld.name, told.fields -> fld.name) FROM unnest(p_fields) AS fld (name)) ORDER BY told.place
    ), '[]')
    INTO v_rows
    FROM (
        SELECT
            given.place,
            jsonb_build_object(
                'reporting_effort_id', CASE WHEN 'reporting_effort_id' = ANY(p_fields) THEN trk.reporting_effort_id END,
                'id', CASE WHEN 'id' = ANY(p_fields) THEN trk.id END,
                'reporting_effort_item_id', CASE WHEN 'reporting_effort_item_id' = ANY(p_fields) THEN trk.reporting_effort_item_id END,
                'item_code', CASE WHEN 'item_code' = ANY(p_fields) THEN itm.item_code END,
                'item_type', CASE WHEN 'item_type' = ANY(p_fields) THEN itm.item_type END,
                'item_subtype', CASE WHEN 'item_subtype' = ANY(p_fields) THEN itm.item_subtype END,
                'item_title', CASE WHEN 'item_title' = ANY(p_fields) THEN ttl.label END,
                'production_programmer_id', CASE WHEN 'production_programmer_id' = ANY(p_fields) THEN trk.production_programmer_id END,
                'prod_programmer_username', CASE WHEN 'prod_programmer_username' = ANY(p_fields) THEN prd.username END,
                'production_status', CASE WHEN 'production_status' = ANY(p_fields) THEN trk.production_status END,
                'qc_programmer_id', CASE WHEN 'qc_programmer_id' = ANY(p_fields) THEN trk.qc_programmer_id END,
                'qc_programmer_username', CASE WHEN 'qc_programmer_username' = ANY(p_fields) THEN qcp.username END,
                'qc_status', CASE WHEN 'qc_status' = ANY(p_fields) THEN trk.qc_status END,
                'priority', CASE WHEN 'priority' = ANY(p_fields) THEN trk.priority END,
                'qc_level', CASE WHEN 'qc_level' = ANY(p_fields) THEN trk.qc_level END,
                'due_date', CASE WHEN 'due_date' = ANY(p_fields) THEN trk.due_date END,
                'qc_completion_date', CASE WHEN 'qc_completion_date' = ANY(p_fields) THEN trk.qc_completion_date END,
                'in_production_flag', CASE WHEN 'in_production_flag' = ANY(p_fields) THEN trk.in_production_flag END,
                'is_active', CASE WHEN 'is_active' = ANY(p_fields) THEN itm.is_active END,
                'unresolved_comment_count', CASE WHEN 'unresolved_comment_count' = ANY(p_fields) THEN trk.unresolved_comment_count END,
                'comment_count', CASE WHEN 'comment_count' = ANY(p_fields) THEN (SELECT count(*) FROM clinical.tracker_comments AS cmt WHERE cmt.tracker_id = trk.id) END,
                'tags', CASE WHEN 'tags' = ANY(p_fields) THEN coalesce((
                    SELECT jsonb_agg(
                        jsonb_build_object('id', tag.id, 'name', tag.name, 'color', tag.color) ORDER BY tag.name COLLATE "C", tag.id
                    )
                    FROM clinical.tracker_item_tags AS lnk
                    INNER JOIN clinical.tracker_tags AS tag ON lnk.tag_id = tag.id
                    WHERE lnk.tracker_id = trk.id
                ), '[]') END,
                'created_at', CASE WHEN 'created_at' = ANY(p_fields) THEN trk.created_at END,
                'updated_at', CASE WHEN 'updated_at' = ANY(p_fields) THEN trk.updated_at END,
                'due_state', CASE WHEN 'due_state' = ANY(p_fields) THEN clinical.due_state(trk.production_status, trk.due_date, p_as_of) END,
                'days_late', CASE WHEN 'days_late' = ANY(p_fields) THEN clinical.days_late(trk.production_status, trk.due_date, p_as_of) END
            ) AS fields
        FROM unnest(p_ids) WITH ORDINALITY AS given (id, place)
        INNER JOIN clinical.reporting_effort_item_tracker AS trk ON given.id = trk.id
        LEFT JOIN clinical.reporting_effort_items AS itm ON trk.reporting_effort_item_id = itm.id
        LEFT JOIN clinical.reporting_effort_tlf_details AS tlf ON trk.reporting_effort_item_id = tlf.reporting_effort_item_id
        LEFT JOIN clinical.text_elements AS ttl ON tlf.title_id = ttl.id
        LEFT JOIN clinical.users AS prd ON trk.production_programmer_id = prd.id
        LEFT JOIN clinical.users AS qcp ON trk.qc_programmer_id = qcp.id
    ) AS told;
    RETURN v_rows;
END;
$$;

COMMENT ON FUNCTION clinical.tracker_rows IS
'Each object has exactly the keys of p_fields. Asks for no user: the ids come from a list that did.';

REVOKE ALL ON FUNCTION clinical.tracker_rows FROM PUBLIC;

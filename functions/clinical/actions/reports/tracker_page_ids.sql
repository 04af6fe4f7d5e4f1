-- clinical.tracker_page_ids()
-- The next trackers of a list in its order, with the sort key of each.
-- requires: clinical.trackers_matching()
-- source:   docs/clinical.md, "Lists"
-- One statement for each order: what an index gives in order stops at the end of the page, wherever that is.

CREATE OR REPLACE FUNCTION clinical.tracker_page_ids(
    p_effort_id integer, p_visibility text, p_filters jsonb, p_as_of date, p_sort text, p_direction text, p_limit integer, p_after_key text, p_after_id integer
)
RETURNS TABLE (id integer, sort_key text) LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO, YMD' SET timezone = 'UTC'
-- so that filters, order and place are constants to the planner
SET plan_cache_mode = force_custom_plan
AS $$
#variable_conflict use_column
DECLARE
    v_found bigint;
BEGIN
    CASE p_sort || ' ' || p_direction
        WHEN 'id asc' THEN
            RETURN QUERY
            SELECT own.id, NULL::text FROM clinical.trackers_matching(p_effort_id, p_visibility, p_filters, p_as_of) AS own
            WHERE p_after_id IS NULL OR own.id > p_after_id
            ORDER BY own.id LIMIT p_limit;
        WHEN 'item_code asc' THEN
            RETURN QUERY
            SELECT own.id, itm.item_code::text FROM clinical.trackers_matching(p_effort_id, p_visibility, p_filters, p_as_of) AS own
            INNER JOIN clinical.reporting_effort_items AS itm
                ON own.reporting_effort_item_id = itm.id AND itm.reporting_effort_id = p_effort_id
            WHERE p_after_id IS NULL OR (itm.item_code COLLATE "C" >= p_after_key AND (itm.item_code COLLATE "C", own.id) > (p_after_key, p_after_id))
            ORDER BY itm.item_code COLLATE "C", own.id LIMIT p_limit;
        WHEN 'priority asc' THEN
            RETURN QUERY
            SELECT own.id, own.priority_rank::text FROM clinical.trackers_matching(p_effort_id, p_visibility, p_filters, p_as_of) AS own
            WHERE p_after_id IS NULL OR (own.priority_rank, own.id) > (p_after_key::smallint, p_after_id)
            ORDER BY own.priority_rank, own.id LIMIT p_limit;
        WHEN 'updated_at asc' THEN
            RETURN QUERY
            SELECT own.id, own.updated_at::text FROM clinical.trackers_matching(p_effort_id, p_visibility, p_filters, p_as_of) AS own
            WHERE p_after_id IS NULL OR (own.updated_at, own.id) > (p_after_key::timestamptz, p_after_id)
            ORDER BY own.updated_at, own.id LIMIT p_limit;
        WHEN 'unresolved_comment_count asc' THEN
            RETURN QUERY
            SELECT own.id, own.unresolved_comment_count::text FROM clinical.trackers_matching(p_effort_id, p_visibility, p_filters, p_as_of) AS own
            WHERE p_after_id IS NULL OR (own.unresolved_comment_count, own.id) > (p_after_key::integer, p_after_id)
            ORDER BY own.unresolved_comment_count, own.id LIMIT p_limit;
        WHEN 'due_date asc' THEN
            RETURN QUERY
            SELECT own.id, own.due_date::text FROM clinical.trackers_matching(p_effort_id, p_visibility, p_filters, p_as_of) AS own
            WHERE own.due_date IS NOT NULL AND (p_after_id IS NULL OR (own.due_date, own.id) > (p_after_key::date, p_after_id))
            ORDER BY own.due_date, own.id LIMIT p_limit;
            GET DIAGNOSTICS v_found = ROW_COUNT;
            -- those without a due date come last, whatever the direction
            RETURN QUERY
            SELECT own.id, NULL::text FROM clinical.trackers_matching(p_effort_id, p_visibility, p_filters, p_as_of) AS own
            WHERE own.due_date IS NULL AND (p_after_id IS NULL OR p_after_key IS NOT NULL OR own.id > p_after_id)
            ORDER BY own.id LIMIT p_limit - v_found;
        WHEN 'id desc' THEN
            RETURN QUERY
            SELECT own.id, NULL::text FROM clinical.trackers_matching(p_effort_id, p_visibility, p_filters, p_as_of) AS own
            WHERE p_after_id IS NULL OR own.id < p_after_id
            ORDER BY own.id DESC LIMIT p_limit;
        WHEN 'item_code desc' THEN
            RETURN QUERY
            SELECT own.id, itm.item_code::text FROM clinical.trackers_matching(p_effort_id, p_visibility, p_filters, p_as_of) AS own
            INNER JOIN clinical.reporting_effort_items AS itm
                ON own.reporting_effort_item_id = itm.id AND itm.reporting_effort_id = p_effort_id
            WHERE p_after_id IS NULL OR (itm.item_code COLLATE "C" <= p_after_key AND (itm.item_code COLLATE "C", own.id) < (p_after_key, p_after_id))
            ORDER BY itm.item_code COLLATE "C" DESC, own.id DESC LIMIT p_limit;
        WHEN 'priority desc' THEN
            RETURN QUERY
            SELECT own.id, own.priority_rank::text FROM clinical.trackers_matching(p_effort_id, p_visibility, p_filters, p_as_of) AS own
            WHERE p_after_id IS NULL OR (own.priority_rank, own.id) < (p_after_key::smallint, p_after_id)
            ORDER BY own.priority_rank DESC, own.id DESC LIMIT p_limit;
        WHEN 'updated_at desc' THEN
            RETURN QUERY
            SELECT own.id, own.updated_at::text FROM clinical.trackers_matching(p_effort_id, p_visibility, p_filters, p_as_of) AS own
            WHERE p_after_id IS NULL OR (own.updated_at, own.id) < (p_after_key::timestamptz, p_after_id)
            ORDER BY own.updated_at DESC, own.id DESC LIMIT p_limit;
        WHEN 'unresolved_comment_count desc' THEN
            RETURN QUERY
            SELECT own.id, own.unresolved_comment_count::text FROM clinical.trackers_matching(p_effort_id, p_visibility, p_filters, p_as_of) AS own
            WHERE p_after_id IS NULL OR (own.unresolved_comment_count, own.id) < (p_after_key::integer, p_after_id)
            ORDER BY own.unresolved_comment_count DESC, own.id DESC LIMIT p_limit;
        WHEN 'due_date desc' THEN
            RETURN QUERY
            SELECT own.id, own.due_date::text FROM clinical.trackers_matching(p_effort_id, p_visibility, p_filters, p_as_of) AS own
            WHERE own.due_date IS NOT NULL AND (p_after_id IS NULL OR (own.due_date, own.id) < (p_after_key::date, p_after_id))
            ORDER BY own.due_date DESC NULLS LAST, own.id DESC LIMIT p_limit;
            GET DIAGNOSTICS v_found = ROW_COUNT;
            -- those without a due date come last, whatever the direction
            RETURN QUERY
            SELECT own.id, NULL::text FROM clinical.trackers_matching(p_effort_id, p_visibility, p_filters, p_as_of) AS own
            WHERE own.due_date IS NULL AND (p_after_id IS NULL OR p_after_key IS NOT NULL OR own.id < p_after_id)
            ORDER BY own.id DESC LIMIT p_limit - v_found;
    END CASE;
END;
$$;

COMMENT ON FUNCTION clinical.tracker_page_ids IS
'p_after_key and p_after_id: last row of the page before; no id for the first page. sort_key: NULL for the order by id and without a due date.';

REVOKE ALL ON FUNCTION clinical.tracker_page_ids FROM PUBLIC;

-- clinical.comment_summary_of()
-- How much is said about each tracker of a reporting effort, or of all.
-- requires: clinical.require_permission(), clinical.note_read(), clinical.comment_summary_by_tracker
-- source:   docs/clinical.md, "Comments"

CREATE OR REPLACE FUNCTION clinical.comment_summary_of(p_actor_id integer, p_effort_id integer DEFAULT NULL)
RETURNS TABLE (
    tracker_id integer,
    total_comments bigint,
    unresolved_count bigint,
    programming_unresolved_count bigint,
    biostat_unresolved_count bigint,
    resolved_parent_comments bigint,
    total_replies bigint,
    latest_comment_at timestamptz
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
        trk.id,
        coalesce(cmt.total_comments, 0),
        coalesce(cmt.unresolved_count, 0),
        coalesce(cmt.programming_unresolved_count, 0),
        coalesce(cmt.biostat_unresolved_count, 0),
        coalesce(cmt.resolved_parent_comments, 0),
        coalesce(cmt.total_replies, 0),
        cmt.latest_comment_at
    FROM clinical.reporting_effort_item_tracker AS trk
    INNER JOIN clinical.reporting_effort_items AS itm
        ON trk.reporting_effort_item_id = itm.id AND trk.reporting_effort_id = itm.reporting_effort_id
    LEFT JOIN clinical.comment_summary_by_tracker AS cmt ON trk.id = cmt.tracker_id
    WHERE (p_effort_id IS NULL OR trk.reporting_effort_id = p_effort_id) AND (v_visibility = 'all' OR itm.is_active)
    ORDER BY trk.id;
    GET DIAGNOSTICS v_row_count = ROW_COUNT;
    PERFORM clinical.note_read('comment_summary_of', p_actor_id, v_started, v_row_count);
END;
$$;

COMMENT ON FUNCTION clinical.comment_summary_of IS
'Trackers without comments have zeros. Raises 42501 without core.read.';

REVOKE ALL ON FUNCTION clinical.comment_summary_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.comment_summary_of TO tidemark_app;

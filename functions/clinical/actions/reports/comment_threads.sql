-- clinical.comment_threads()
-- Comments on a tracker, with their replies below them.
-- requires: clinical.require_permission(), clinical.note_read()
-- source:   docs/clinical.md, "Comments"

CREATE OR REPLACE FUNCTION clinical.comment_threads(p_actor_id integer, p_tracker_id integer)
RETURNS TABLE (
    "position" bigint, -- noqa: RF06
    comment_id integer,
    depth integer,
    root_comment_id integer,
    username text,
    comment_type text,
    comment_text text,
    is_resolved boolean,
    resolved_by_username text,
    resolved_at timestamptz,
    created_at timestamptz
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
    WITH RECURSIVE thread AS (
        SELECT
            cmt.id,
            cmt.id AS root_id,
            0 AS depth,
            cmt.created_at
        FROM clinical.tracker_comments AS cmt
        WHERE cmt.tracker_id = p_tracker_id AND cmt.parent_comment_id IS NULL
            AND EXISTS (
                SELECT FROM clinical.reporting_effort_item_tracker AS trk
                INNER JOIN clinical.reporting_effort_items AS itm ON trk.reporting_effort_item_id = itm.id
                WHERE trk.id = p_tracker_id AND (v_visibility = 'all' OR itm.is_active)
            )
        UNION ALL
        SELECT
            cmt.id,
            thread.root_id,
            thread.depth + 1,
            cmt.created_at
        FROM thread
        INNER JOIN clinical.tracker_comments AS cmt ON thread.id = cmt.parent_comment_id
    ) SEARCH DEPTH FIRST BY created_at, id SET place

    SELECT
        row_number() OVER (ORDER BY thread.place),
        thread.id,
        thread.depth,
        thread.root_id,
        usr.username,
        cmt.comment_type,
        cmt.comment_text,
        cmt.is_resolved,
        res.username,
        cmt.resolved_at,
        cmt.created_at
    FROM thread
    INNER JOIN clinical.tracker_comments AS cmt ON thread.id = cmt.id
    INNER JOIN clinical.users AS usr ON cmt.user_id = usr.id
    LEFT JOIN clinical.users AS res ON cmt.resolved_by_user_id = res.id
    ORDER BY thread.place;
    GET DIAGNOSTICS v_row_count = ROW_COUNT;
    PERFORM clinical.note_read('comment_threads', p_actor_id, v_started, v_row_count);
END;
$$;

COMMENT ON FUNCTION clinical.comment_threads IS
'Parents by age, under each comment its replies by age, depth first; depth 0 is a parent. No row for a tracker that the user does not see. Raises 42501 without core.read.';

REVOKE ALL ON FUNCTION clinical.comment_threads FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.comment_threads TO tidemark_app;

-- clinical.open_comment()
-- Locks the tracker of a comment, and gives the comment to those who may see it.
-- requires: clinical.visibility_of()
-- source:   docs/clinical_writes.md, "Comments"

CREATE OR REPLACE FUNCTION clinical.open_comment(p_actor_id integer, p_comment_id integer)
RETURNS clinical.tracker_comments LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_comment clinical.tracker_comments;
BEGIN
    -- its counter changes with its comments: whoever writes comments of one tracker comes one after the other
    PERFORM FROM clinical.reporting_effort_item_tracker AS trk
    WHERE trk.id = (SELECT cmt.tracker_id FROM clinical.tracker_comments AS cmt WHERE cmt.id = p_comment_id)
    FOR NO KEY UPDATE;
    SELECT cmt.* INTO v_comment
    FROM clinical.tracker_comments AS cmt
    INNER JOIN clinical.reporting_effort_item_tracker AS trk ON cmt.tracker_id = trk.id
    INNER JOIN clinical.reporting_effort_items AS itm ON trk.reporting_effort_item_id = itm.id
    WHERE cmt.id = p_comment_id AND (itm.is_active OR clinical.visibility_of(p_actor_id) = 'all');
    RETURN v_comment;
END;
$$;

COMMENT ON FUNCTION clinical.open_comment IS
'NULL when there is none, or when it is about an inactive item that the user may not see.';

REVOKE ALL ON FUNCTION clinical.open_comment FROM PUBLIC;

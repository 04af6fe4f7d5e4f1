-- clinical.unresolve_comment()
-- Opens a resolved comment again.
-- requires: clinical.user_permissions(), clinical.open_comment(), clinical.may(), clinical.record_comment()
-- requires: clinical.note_write()
-- source:   docs/clinical_writes.md, "Comments"

CREATE OR REPLACE FUNCTION clinical.unresolve_comment(p_actor_id integer, p_comment_id integer, OUT status text)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_comment clinical.tracker_comments;
BEGIN
    IF EXISTS (SELECT FROM clinical.user_permissions(p_actor_id)) THEN
        v_comment := clinical.open_comment(p_actor_id, p_comment_id);
        status := CASE
            WHEN v_comment.id IS NULL THEN 'comment_not_found'
            WHEN v_comment.user_id <> p_actor_id AND NOT clinical.may(p_actor_id, 'comment.resolve_any') THEN 'forbidden'
            WHEN v_comment.parent_comment_id IS NOT NULL THEN 'not_a_parent'
            WHEN v_comment.is_resolved = FALSE THEN 'unchanged'
            ELSE 'ok'
        END;
    ELSE
        status := 'forbidden';
    END IF;
    IF status = 'ok' THEN
        UPDATE clinical.tracker_comments AS cmt
        SET is_resolved = FALSE, resolved_by_user_id = NULL, resolved_at = NULL
        WHERE cmt.id = p_comment_id
        RETURNING cmt.* INTO v_comment;
        PERFORM clinical.record_comment(
            p_actor_id,
            'COMMENT_UNRESOLVE',
            'comment.unresolved',
            v_comment.tracker_id,
            ARRAY[p_comment_id],
            jsonb_build_object(
                'is_resolved', v_comment.is_resolved,
                'resolved_by_user_id', v_comment.resolved_by_user_id,
                'resolved_at', v_comment.resolved_at
            ),
            jsonb_build_object('old_state', 'resolved', 'new_state', 'open')
        );
    END IF;
    PERFORM clinical.note_write('unresolve_comment', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.unresolve_comment IS
'For the author and those with comment.resolve_any. Who resolved it, and when, is forgotten. status: ok, forbidden, comment_not_found, not_a_parent (a reply), unchanged.';

REVOKE ALL ON FUNCTION clinical.unresolve_comment FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.unresolve_comment TO tidemark_app;

-- clinical.edit_comment()
-- Gives a comment another text.
-- requires: clinical.user_permissions(), clinical.open_comment(), clinical.may(), clinical.is_blank(), clinical.record_comment()
-- requires: clinical.note_write()
-- source:   docs/clinical_writes.md, "Comments"

CREATE OR REPLACE FUNCTION clinical.edit_comment(p_actor_id integer, p_comment_id integer, p_comment_text text, OUT status text)
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
            WHEN v_comment.user_id <> p_actor_id AND NOT clinical.may(p_actor_id, 'comment.moderate') THEN 'forbidden'
            WHEN clinical.is_blank(p_comment_text) THEN 'text_blank'
            ELSE 'ok'
        END;
    ELSE
        status := 'forbidden';
    END IF;
    IF status = 'ok' AND v_comment.comment_text <> p_comment_text THEN
        UPDATE clinical.tracker_comments AS cmt SET comment_text = p_comment_text WHERE cmt.id = p_comment_id;
        PERFORM clinical.record_comment(
            p_actor_id,
            'COMMENT_EDIT',
            'comment.edited',
            v_comment.tracker_id,
            ARRAY[p_comment_id],
            jsonb_build_object('comment_text', p_comment_text),
            jsonb_build_object('old_text', v_comment.comment_text, 'new_text', p_comment_text)
        );
    END IF;
    PERFORM clinical.note_write('edit_comment', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.edit_comment IS
'For the author and those with comment.moderate. status: ok, forbidden, comment_not_found, text_blank.';

REVOKE ALL ON FUNCTION clinical.edit_comment FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.edit_comment TO tidemark_app;

-- clinical.create_comment()
-- Adds a comment to a tracker, or a reply to a comment.
-- requires: clinical.user_permissions(), clinical.may(), clinical.visibility_of(), clinical.is_blank(), clinical.record_comment()
-- requires: clinical.note_write()
-- source:   docs/clinical_writes.md, "Comments"

CREATE OR REPLACE FUNCTION clinical.create_comment(
    p_actor_id integer, p_tracker_id integer, p_comment_text text, p_comment_type text DEFAULT 'programming',
    p_parent_comment_id integer DEFAULT NULL, OUT status text, OUT comment_id integer
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_parent clinical.tracker_comments;
    v_comment clinical.tracker_comments;
BEGIN
    status := CASE
        WHEN NOT EXISTS (SELECT FROM clinical.user_permissions(p_actor_id)) THEN 'forbidden'
        WHEN coalesce(p_comment_type NOT IN ('programming', 'biostat'), TRUE) THEN 'type_invalid'
        WHEN NOT clinical.may(p_actor_id, 'comment.' || p_comment_type) THEN 'forbidden'
        WHEN clinical.is_blank(p_comment_text) THEN 'text_blank'
        ELSE 'ok'
    END;
    IF status = 'ok' THEN
        PERFORM FROM clinical.reporting_effort_item_tracker AS trk WHERE trk.id = p_tracker_id FOR NO KEY UPDATE;
        SELECT cmt.* INTO v_parent FROM clinical.tracker_comments AS cmt WHERE cmt.id = p_parent_comment_id;
        status := CASE
            WHEN NOT EXISTS (
                SELECT FROM clinical.reporting_effort_item_tracker AS trk
                INNER JOIN clinical.reporting_effort_items AS itm ON trk.reporting_effort_item_id = itm.id
                WHERE trk.id = p_tracker_id AND (itm.is_active OR clinical.visibility_of(p_actor_id) = 'all')
            ) THEN 'tracker_not_found'
            WHEN v_parent.id IS DISTINCT FROM p_parent_comment_id THEN 'parent_not_found'
            WHEN v_parent.tracker_id <> p_tracker_id THEN 'parent_on_other_tracker'
            ELSE 'ok'
        END;
    END IF;
    IF status = 'ok' THEN
        INSERT INTO clinical.tracker_comments AS cmt (tracker_id, user_id, parent_comment_id, comment_text, comment_type)
        VALUES (p_tracker_id, p_actor_id, p_parent_comment_id, p_comment_text, p_comment_type)
        RETURNING cmt.* INTO v_comment;
        comment_id := v_comment.id;
        PERFORM clinical.record_comment(
            p_actor_id,
            CASE WHEN p_parent_comment_id IS NULL THEN 'COMMENT_CREATE' ELSE 'COMMENT_REPLY' END,
            CASE WHEN p_parent_comment_id IS NULL THEN 'comment.created' ELSE 'comment.replied' END,
            p_tracker_id,
            ARRAY[comment_id],
            to_jsonb(v_comment) - 'id' - 'updated_at',
            jsonb_build_object('parent', p_parent_comment_id, 'type', p_comment_type, 'new_text', p_comment_text)
        );
    END IF;
    PERFORM clinical.note_write('create_comment', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.create_comment IS
'p_comment_type: programming or biostat. status: ok, forbidden, type_invalid, text_blank, tracker_not_found, parent_not_found, parent_on_other_tracker. Replies may be added to resolved comments.';

REVOKE ALL ON FUNCTION clinical.create_comment FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.create_comment TO tidemark_app;

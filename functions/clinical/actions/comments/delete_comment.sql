-- clinical.delete_comment()
-- Deletes a comment with all replies below it.
-- requires: clinical.user_permissions(), clinical.open_comment(), clinical.may(), clinical.record_comment()
-- requires: clinical.note_write()
-- source:   docs/clinical_writes.md, "Comments"

CREATE OR REPLACE FUNCTION clinical.delete_comment(
    p_actor_id integer, p_comment_id integer, OUT status text, OUT deleted_count integer
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_comment clinical.tracker_comments;
    v_ids integer[];
BEGIN
    deleted_count := 0;
    IF EXISTS (SELECT FROM clinical.user_permissions(p_actor_id)) THEN
        v_comment := clinical.open_comment(p_actor_id, p_comment_id);
        status := CASE
            WHEN v_comment.id IS NULL THEN 'comment_not_found'
            WHEN v_comment.user_id <> p_actor_id AND NOT clinical.may(p_actor_id, 'comment.moderate') THEN 'forbidden'
            ELSE 'ok'
        END;
    ELSE
        status := 'forbidden';
    END IF;
    IF status = 'ok' THEN
        WITH RECURSIVE tree AS (
            SELECT p_comment_id AS id
            UNION
            SELECT cmt.id FROM tree AS top INNER JOIN clinical.tracker_comments AS cmt ON top.id = cmt.parent_comment_id
        )

        SELECT array_agg(top.id ORDER BY top.id <> p_comment_id, top.id) INTO v_ids FROM tree AS top;
        DELETE FROM clinical.tracker_comments AS cmt WHERE cmt.id = ANY(v_ids);
        deleted_count := cardinality(v_ids);
        PERFORM clinical.record_comment(
            p_actor_id,
            'COMMENT_DELETE',
            'comment.deleted',
            v_comment.tracker_id,
            v_ids,
            NULL,
            jsonb_build_object('deleted', to_jsonb(v_comment), 'cascade', jsonb_build_object('tracker_comments', deleted_count - 1))
        );
    END IF;
    PERFORM clinical.note_write('delete_comment', p_actor_id, v_started, deleted_count, status);
END;
$$;

COMMENT ON FUNCTION clinical.delete_comment IS
'For the author and those with comment.moderate. deleted_count: with its replies. status: ok, forbidden, comment_not_found.';

REVOKE ALL ON FUNCTION clinical.delete_comment FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.delete_comment TO tidemark_app;

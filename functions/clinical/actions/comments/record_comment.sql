-- clinical.record_comment()
-- Records and tells what was done to comments of one tracker.
-- requires: clinical.effort_rooms(), clinical.record_call(), clinical.entry_of()
-- source:   docs/clinical_writes.md, "Comments"

CREATE OR REPLACE FUNCTION clinical.record_comment(
    p_actor_id integer, p_action text, p_event_type text, p_tracker_id integer, p_comment_ids integer[], p_delta jsonb, p_changes jsonb
)
RETURNS void LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM clinical.record_call(
        p_actor_id,
        p_event_type,
        (
            SELECT clinical.effort_rooms(jsonb_agg(jsonb_build_object(
                'id', cmt.id, 'reporting_effort_id', trk.reporting_effort_id, 'is_active', itm.is_active,
                'delta', p_delta || jsonb_build_object('unresolved_count', trk.unresolved_comment_count)
            )))
            FROM clinical.reporting_effort_item_tracker AS trk
            INNER JOIN clinical.reporting_effort_items AS itm ON trk.reporting_effort_item_id = itm.id
            CROSS JOIN unnest(p_comment_ids) AS cmt (id)
            WHERE trk.id = p_tracker_id
        ),
        jsonb_build_array(clinical.entry_of(
            'tracker_comments', p_comment_ids[1], p_action, jsonb_build_object('tracker', p_tracker_id) || p_changes
        ))
    );
END;
$$;

COMMENT ON FUNCTION clinical.record_comment IS
'The first id is that of the comment concerned, the others are replies that went with it. p_delta: NULL for what is gone.';

REVOKE ALL ON FUNCTION clinical.record_comment FROM PUBLIC;

-- clinical.assign_tag()
-- Puts a tag on trackers.
-- requires: clinical.may(), clinical.tag_list_code(), clinical.effort_rooms(), clinical.record_call(), clinical.entry_of(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Tags"

CREATE OR REPLACE FUNCTION clinical.assign_tag(
    p_actor_id integer, p_tag_id integer, p_tracker_ids integer[], OUT status text, OUT affected_count integer
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_changed jsonb;
BEGIN
    affected_count := 0;
    status := CASE
        WHEN NOT clinical.may(p_actor_id, 'tag.assign') THEN 'forbidden' ELSE clinical.tag_list_code(p_tag_id, p_tracker_ids)
    END;
    IF status = 'ok' THEN
        WITH written AS (
            INSERT INTO clinical.tracker_item_tags AS lnk (tracker_id, tag_id)
            SELECT own.id, p_tag_id FROM unnest(p_tracker_ids) AS own (id) ORDER BY own.id
            ON CONFLICT (tracker_id, tag_id) DO NOTHING
            RETURNING lnk.tracker_id
        )

        SELECT jsonb_agg(
            jsonb_build_object(
                'id', trk.id, 'reporting_effort_id', trk.reporting_effort_id, 'is_active', itm.is_active,
                'delta', jsonb_build_object('tag_id', p_tag_id)
            )
            ORDER BY trk.id
        )
        INTO v_changed
        FROM written AS wri
        INNER JOIN clinical.reporting_effort_item_tracker AS trk ON wri.tracker_id = trk.id
        INNER JOIN clinical.reporting_effort_items AS itm ON trk.reporting_effort_item_id = itm.id;
    END IF;
    IF v_changed IS NOT NULL THEN
        affected_count := jsonb_array_length(v_changed);
        PERFORM clinical.record_call(
            p_actor_id,
            'tag.assigned',
            clinical.effort_rooms(v_changed),
            jsonb_build_array(clinical.entry_of(
                'tracker_item_tags',
                CASE affected_count WHEN 1 THEN (v_changed -> 0 ->> 'id')::integer ELSE 0 END,
                'TAG_ASSIGN',
                jsonb_build_object('tag', p_tag_id, 'trackers', jsonb_path_query_array(v_changed, '$[*].id'))
            ))
        );
    END IF;
    PERFORM clinical.note_write('assign_tag', p_actor_id, v_started, cardinality(p_tracker_ids), status);
END;
$$;

COMMENT ON FUNCTION clinical.assign_tag IS
'affected_count: links that are new; those that were there are no error. status: ok, forbidden, tag_not_found, batch_empty, batch_too_large (1000), tracker_duplicate, tracker_not_found; all or none.';

REVOKE ALL ON FUNCTION clinical.assign_tag FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.assign_tag TO tidemark_app;

-- clinical.record_items()
-- Records and tells that items of a reporting effort were made.
-- requires: clinical.record_call(), clinical.entry_of(), clinical.effort_rooms()
-- source:   docs/clinical_writes.md, "What is recorded"

CREATE OR REPLACE FUNCTION clinical.record_items(p_actor_id integer, p_event_type text, p_made jsonb, p_summary jsonb)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM clinical.record_call(
        p_actor_id,
        p_event_type,
        clinical.effort_rooms((
            SELECT jsonb_agg(jsonb_build_object(
                'id', mad.id,
                'reporting_effort_id', mad.created -> 'reporting_effort_id',
                'is_active', mad.created -> 'is_active',
                'delta', mad.created - 'id' - 'created_at' - 'updated_at' || jsonb_build_object('tracker_id', mad.tracker_id)
            ))
            FROM jsonb_to_recordset(p_made) AS mad (id integer, created jsonb, tracker_id integer)
        )),
        p_summary || (
            SELECT jsonb_agg(
                clinical.entry_of('reporting_effort_items', mad.id, 'CREATE', jsonb_build_object('created', mad.created)) ORDER BY mad.row_no
            )
            FROM jsonb_to_recordset(p_made) AS mad (row_no integer, id integer, created jsonb)
        )
    );
END;
$$;

COMMENT ON FUNCTION clinical.record_items IS
'p_made: what clinical.write_items() gave, not empty. p_summary: a list with the entry for the whole call, or an empty one.';

REVOKE ALL ON FUNCTION clinical.record_items FROM PUBLIC;

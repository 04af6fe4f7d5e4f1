-- clinical.record_tracker()
-- Records and tells a change of one tracker, if there was one.
-- requires: clinical.record_call(), clinical.entry_of(), clinical.effort_rooms()
-- source:   docs/clinical_writes.md, "What is recorded"

CREATE OR REPLACE FUNCTION clinical.record_tracker(
    p_actor_id integer, p_action text, p_event_type text, p_changed jsonb, p_details jsonb DEFAULT '{}'
)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF p_changed = '[]' THEN
        RETURN;
    END IF;
    PERFORM clinical.record_call(
        p_actor_id,
        p_event_type,
        clinical.effort_rooms(p_changed),
        jsonb_build_array(clinical.entry_of(
            'reporting_effort_item_tracker',
            (p_changed -> 0 ->> 'id')::integer,
            p_action,
            p_details || jsonb_build_object('before', p_changed -> 0 -> 'was', 'after', p_changed -> 0 -> 'delta')
        ))
    );
END;
$$;

COMMENT ON FUNCTION clinical.record_tracker IS
'p_changed: what clinical.write_trackers() gave for one row.';

REVOKE ALL ON FUNCTION clinical.record_tracker FROM PUBLIC;

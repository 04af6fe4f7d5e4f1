-- clinical.record_call()
-- Records what one call did, and tells those whom it concerns.
-- requires: clinical.role_of(), clinical.values_of_changes(), audit.record_many(), events.publish()
-- source:   docs/clinical_writes.md, "What is recorded"

CREATE OR REPLACE FUNCTION clinical.record_call(p_actor_id integer, p_event_type text, p_rooms jsonb, p_entries jsonb)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_role text := clinical.role_of(p_actor_id);
    v_batch text := nextval('clinical.batch_numbers');
BEGIN
    PERFORM audit.record_many(
        'clinical',
        ARRAY(
            SELECT ROW(
                ent.table_name,
                ent.record_id,
                ent.action,
                val.before_values,
                val.after_values
            )::audit.new_entry
            FROM ROWS FROM (
                jsonb_to_recordset(p_entries) AS (table_name text, record_id text, action text, changes jsonb)
            ) WITH ORDINALITY AS ent (table_name, record_id, action, changes, place)
            CROSS JOIN LATERAL clinical.values_of_changes(ent.action, ent.changes) AS val
            ORDER BY ent.place
        ),
        p_actor_id::text,
        v_role,
        v_batch
    );
    PERFORM events.publish('clinical', p_event_type, jsonb_build_object('id', p_actor_id, 'role', v_role), p_rooms, v_batch);
END;
$$;

COMMENT ON FUNCTION clinical.record_call IS
'One batch of entries and one event. p_entries: a list of what clinical.entry_of() gives; rows before and after stand in the columns of audit.entries of that name for CREATE, UPDATE and DELETE, all else in after_values. p_rooms: room, id, new values.';

REVOKE ALL ON FUNCTION clinical.record_call FROM PUBLIC;

-- clinical.update_tracker()
-- Changes columns of one tracker.
-- requires: clinical.may(), clinical.lock_trackers(), clinical.integer_of(), clinical.judge_tracker_updates()
-- requires: clinical.write_trackers(), clinical.record_tracker(), clinical.note_write()
-- source:   docs/clinical_writes.md, "One tracker"

CREATE OR REPLACE FUNCTION clinical.update_tracker(
    p_actor_id integer, p_tracker_id integer, p_changes jsonb, OUT status text, OUT error_field text
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_row jsonb := CASE WHEN jsonb_typeof(p_changes) = 'object' THEN p_changes - 'tracker_id' - 'id' END
        || jsonb_build_object('tracker_id', p_tracker_id);
    v_changes jsonb;
    v_changed jsonb;
BEGIN
    IF NOT clinical.may(p_actor_id, 'tracker.update') THEN
        status := 'forbidden';
    ELSE
        PERFORM clinical.lock_trackers(
            ARRAY(
                SELECT clinical.integer_of(v_row -> named.field)
                FROM unnest('{production_programmer_id,qc_programmer_id}'::text[]) AS named (field)
            ),
            ARRAY[p_tracker_id]
        );
        SELECT
            coalesce(jud.error_code, 'ok'),
            jud.error_field,
            jsonb_build_array(to_jsonb(jud))
        INTO status, error_field, v_changes
        FROM clinical.judge_tracker_updates(jsonb_build_array(coalesce(v_row, 'null'))) AS jud;
        IF status = 'ok' THEN
            v_changed := clinical.write_trackers(v_changes);
            PERFORM clinical.record_tracker(p_actor_id, 'UPDATE', 'tracker.updated', v_changed);
        END IF;
    END IF;
    PERFORM clinical.note_write('update_tracker', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.update_tracker IS
'p_changes: a JSON object with the columns to change. status: ok, also when all values are there already, forbidden, or an error code of clinical.bulk_update_trackers().';

REVOKE ALL ON FUNCTION clinical.update_tracker FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.update_tracker TO tidemark_app;

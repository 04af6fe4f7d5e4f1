-- clinical.unassign_programmer()
-- Takes the production or QC programmer from a tracker.
-- requires: clinical.may(), clinical.lock_trackers(), clinical.unassigned_status(), clinical.write_trackers(), clinical.record_tracker(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Programmers"

CREATE OR REPLACE FUNCTION clinical.unassign_programmer(p_actor_id integer, p_tracker_id integer, p_role text, OUT status text)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_tracker clinical.reporting_effort_item_tracker;
    v_user_id integer;
BEGIN
    IF NOT clinical.may(p_actor_id, 'tracker.assign') THEN
        status := 'forbidden';
    ELSE
        PERFORM clinical.lock_trackers('{}', ARRAY[p_tracker_id]);
        SELECT trk.* INTO v_tracker FROM clinical.reporting_effort_item_tracker AS trk WHERE trk.id = p_tracker_id;
        v_user_id := CASE p_role WHEN 'production' THEN v_tracker.production_programmer_id WHEN 'qc' THEN v_tracker.qc_programmer_id END;
        status := CASE
            WHEN v_tracker.id IS NULL THEN 'tracker_not_found'
            WHEN coalesce(p_role NOT IN ('production', 'qc'), TRUE) THEN 'role_invalid'
            WHEN v_user_id IS NULL THEN 'not_assigned'
            ELSE 'ok'
        END;
        IF status = 'ok' THEN
            PERFORM clinical.record_tracker(
                p_actor_id,
                'UNASSIGN_PROGRAMMER',
                'tracker.unassigned',
                clinical.write_trackers(jsonb_build_array(jsonb_build_object('tracker_id', p_tracker_id, 'changes',
                    jsonb_build_object(p_role || '_programmer_id', NULL)
                    || clinical.unassigned_status(p_role, v_tracker.production_status, v_tracker.qc_status)
                ))),
                jsonb_build_object('role', p_role, 'programmer', v_user_id)
            );
        END IF;
    END IF;
    PERFORM clinical.note_write('unassign_programmer', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.unassign_programmer IS
'p_role: production or qc. status: ok, forbidden, tracker_not_found, role_invalid, not_assigned. Work that is under way, and failed QC, has not started any more; what is completed or on hold stays.';

REVOKE ALL ON FUNCTION clinical.unassign_programmer FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.unassign_programmer TO tidemark_app;

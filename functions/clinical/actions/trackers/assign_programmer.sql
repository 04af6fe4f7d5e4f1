-- clinical.assign_programmer()
-- Gives a tracker its production or QC programmer.
-- requires: clinical.may(), clinical.lock_trackers(), clinical.assigned_status(), clinical.write_trackers(), clinical.record_tracker(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Programmers"

CREATE OR REPLACE FUNCTION clinical.assign_programmer(
    p_actor_id integer, p_tracker_id integer, p_role text, p_user_id integer, OUT status text
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_tracker clinical.reporting_effort_item_tracker;
    v_user clinical.users;
BEGIN
    IF NOT clinical.may(p_actor_id, 'tracker.assign') THEN
        status := 'forbidden';
    ELSE
        PERFORM clinical.lock_trackers(ARRAY[p_user_id], ARRAY[p_tracker_id]);
        SELECT trk.* INTO v_tracker FROM clinical.reporting_effort_item_tracker AS trk WHERE trk.id = p_tracker_id;
        SELECT usr.* INTO v_user FROM clinical.users AS usr WHERE usr.id = p_user_id;
        status := CASE
            WHEN v_tracker.id IS NULL THEN 'tracker_not_found'
            WHEN v_user.id IS NULL THEN 'user_not_found'
            WHEN coalesce(p_role NOT IN ('production', 'qc'), TRUE) THEN 'role_invalid'
            WHEN NOT v_user.is_active AND p_user_id IS DISTINCT FROM CASE p_role
                WHEN 'production' THEN v_tracker.production_programmer_id ELSE v_tracker.qc_programmer_id
            END THEN 'user_inactive'
            ELSE 'ok'
        END;
        IF status = 'ok' THEN
            PERFORM clinical.record_tracker(
                p_actor_id,
                'ASSIGN_PROGRAMMER',
                'tracker.assigned',
                clinical.write_trackers(jsonb_build_array(jsonb_build_object('tracker_id', p_tracker_id, 'changes',
                    jsonb_build_object(p_role || '_programmer_id', p_user_id)
                    || clinical.assigned_status(p_role, v_tracker.production_status, v_tracker.qc_status)
                ))),
                jsonb_build_object('role', p_role, 'programmer', p_user_id)
            );
        END IF;
    END IF;
    PERFORM clinical.note_write('assign_programmer', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.assign_programmer IS
'p_role: production or qc. status: ok, forbidden, tracker_not_found, user_not_found, role_invalid, user_inactive. A status that has not started moves on, QC only after production is completed.';

REVOKE ALL ON FUNCTION clinical.assign_programmer FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.assign_programmer TO tidemark_app;

-- clinical.delete_user()
-- Deletes a user who wrote no comments; others are deactivated.
-- requires: clinical.may(), clinical.record_saved(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Deleting"

CREATE OR REPLACE FUNCTION clinical.delete_user(
    p_actor_id integer, p_user_id integer, OUT status text, OUT blocking_count integer, OUT rows_deleted jsonb, OUT assignments_cleared integer
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_row clinical.users;
BEGIN
    rows_deleted := '{}';
    IF NOT clinical.may(p_actor_id, 'user.manage') THEN
        status := 'forbidden';
    ELSE
        SELECT usr.* INTO v_row FROM clinical.users AS usr WHERE usr.id = p_user_id FOR UPDATE;
        blocking_count := (SELECT count(*) FROM clinical.tracker_comments AS cmt WHERE cmt.user_id = p_user_id);
        status := CASE WHEN v_row.id IS NULL THEN 'not_found' WHEN blocking_count > 0 THEN 'has_comments' ELSE 'ok' END;
    END IF;
    blocking_count := nullif(blocking_count, 0);
    IF status = 'ok' THEN
        -- in the order in which everybody locks trackers, before the foreign keys touch them in an order of their own
        PERFORM FROM clinical.reporting_effort_item_tracker AS trk
        WHERE trk.production_programmer_id = p_user_id OR trk.qc_programmer_id = p_user_id
        ORDER BY trk.id
        FOR NO KEY UPDATE;
        assignments_cleared := (
            SELECT count(*) FROM clinical.reporting_effort_item_tracker AS trk WHERE trk.production_programmer_id = p_user_id
        ) + (
            SELECT count(*) FROM clinical.reporting_effort_item_tracker AS trk WHERE trk.qc_programmer_id = p_user_id
        );
        DELETE FROM clinical.users AS usr WHERE usr.id = p_user_id;
        rows_deleted := '{"users": 1}';
        PERFORM clinical.record_saved(
            p_actor_id, 'user', to_jsonb(v_row), NULL, jsonb_build_object('assignments_cleared', assignments_cleared)
        );
    END IF;
    PERFORM clinical.note_write('delete_user', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.delete_user IS
'Statuses of his trackers stay; assignments_cleared: how often he was a programmer. status: ok, forbidden, not_found, has_comments with their number in blocking_count. rows_deleted: table and number of rows.';

REVOKE ALL ON FUNCTION clinical.delete_user FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.delete_user TO tidemark_app;

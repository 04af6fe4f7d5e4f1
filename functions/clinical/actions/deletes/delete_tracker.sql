-- clinical.delete_tracker()
-- Deletes a tracker that nobody works on, with its comments and tags; the item stays.
-- requires: clinical.may(), clinical.effort_rooms(), clinical.record_call(), clinical.entry_of(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Deleting"

CREATE OR REPLACE FUNCTION clinical.delete_tracker(
    p_actor_id integer, p_tracker_id integer, OUT status text, OUT blocking_count integer, OUT rows_deleted jsonb
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_row clinical.reporting_effort_item_tracker;
    v_cascade jsonb;
    v_is_active boolean;
BEGIN
    rows_deleted := '{}';
    IF NOT clinical.may(p_actor_id, 'tracker.delete') THEN
        status := 'forbidden';
    ELSE
        SELECT trk.* INTO v_row FROM clinical.reporting_effort_item_tracker AS trk WHERE trk.id = p_tracker_id FOR UPDATE;
        blocking_count := ((v_row.production_programmer_id IS NOT NULL)::integer + (v_row.qc_programmer_id IS NOT NULL)::integer);
        status := CASE WHEN v_row.id IS NULL THEN 'not_found' WHEN blocking_count > 0 THEN 'programmers_assigned' ELSE 'ok' END;
    END IF;
    blocking_count := nullif(blocking_count, 0);
    IF status = 'ok' THEN
        v_cascade := (
            SELECT coalesce(jsonb_object_agg(own.name, own.n), '{}')
            FROM (
                SELECT 'tracker_comments' AS name, count(*) AS n FROM clinical.tracker_comments AS cmt WHERE cmt.tracker_id = p_tracker_id
                UNION ALL
                SELECT 'tracker_item_tags', count(*) FROM clinical.tracker_item_tags AS lnk WHERE lnk.tracker_id = p_tracker_id
            ) AS own
            WHERE own.n > 0
        );
        v_is_active := (SELECT itm.is_active FROM clinical.reporting_effort_items AS itm WHERE itm.id = v_row.reporting_effort_item_id);
        DELETE FROM clinical.reporting_effort_item_tracker AS trk WHERE trk.id = p_tracker_id;
        rows_deleted := v_cascade || '{"reporting_effort_item_tracker": 1}';
        PERFORM clinical.record_call(
            p_actor_id,
            'tracker.deleted',
            clinical.effort_rooms(jsonb_build_array(jsonb_build_object(
                'id', p_tracker_id, 'reporting_effort_id', v_row.reporting_effort_id, 'is_active', v_is_active, 'delta', NULL
            ))),
            jsonb_build_array(clinical.entry_of(
                'reporting_effort_item_tracker', p_tracker_id, 'DELETE', jsonb_build_object('deleted', to_jsonb(v_row), 'cascade', v_cascade)
            ))
        );
    END IF;
    PERFORM clinical.note_write('delete_tracker', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.delete_tracker IS
'status: ok, forbidden, not_found, programmers_assigned with 1 or 2 in blocking_count. rows_deleted: table and number of rows.';

REVOKE ALL ON FUNCTION clinical.delete_tracker FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.delete_tracker TO tidemark_app;

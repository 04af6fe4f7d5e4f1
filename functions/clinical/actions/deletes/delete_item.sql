-- clinical.delete_item()
-- Deletes an item of a reporting effort that nobody works on, with its tracker and all that belongs to both.
-- requires: clinical.may(), clinical.effort_rooms(), clinical.record_call(), clinical.entry_of(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Deleting"

CREATE OR REPLACE FUNCTION clinical.delete_item(
    p_actor_id integer, p_item_id integer, OUT status text, OUT blocking_count integer, OUT rows_deleted jsonb
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_row clinical.reporting_effort_items;
    v_cascade jsonb;
    v_tracker_id integer;
BEGIN
    rows_deleted := '{}';
    IF NOT clinical.may(p_actor_id, 'item.delete') THEN
        status := 'forbidden';
    ELSE
        -- the tracker first: whoever is about to assign somebody has it, and the item waits for its end
        SELECT trk.id INTO v_tracker_id
        FROM clinical.reporting_effort_item_tracker AS trk WHERE trk.reporting_effort_item_id = p_item_id FOR UPDATE;
        SELECT itm.* INTO v_row FROM clinical.reporting_effort_items AS itm WHERE itm.id = p_item_id FOR UPDATE;
        blocking_count := (
            SELECT (trk.production_programmer_id IS NOT NULL)::integer + (trk.qc_programmer_id IS NOT NULL)::integer
            FROM clinical.reporting_effort_item_tracker AS trk WHERE trk.reporting_effort_item_id = p_item_id
        );
        status := CASE WHEN v_row.id IS NULL THEN 'not_found' WHEN blocking_count > 0 THEN 'programmers_assigned' ELSE 'ok' END;
    END IF;
    blocking_count := nullif(blocking_count, 0);
    IF status = 'ok' THEN
        v_cascade := (
            SELECT coalesce(jsonb_object_agg(own.name, own.n), '{}')
            FROM (
                SELECT 'reporting_effort_tlf_details' AS name, count(*) AS n FROM clinical.reporting_effort_tlf_details AS det WHERE det.reporting_effort_item_id = p_item_id
                UNION ALL
                SELECT 'reporting_effort_dataset_details', count(*) FROM clinical.reporting_effort_dataset_details AS det WHERE det.reporting_effort_item_id = p_item_id
                UNION ALL
                SELECT 'reporting_effort_item_footnotes', count(*) FROM clinical.reporting_effort_item_footnotes AS lnk WHERE lnk.reporting_effort_item_id = p_item_id
                UNION ALL
                SELECT 'reporting_effort_item_acronyms', count(*) FROM clinical.reporting_effort_item_acronyms AS lnk WHERE lnk.reporting_effort_item_id = p_item_id
                UNION ALL
                SELECT 'reporting_effort_item_tracker', count(*) FROM clinical.reporting_effort_item_tracker AS trk WHERE trk.reporting_effort_item_id = p_item_id
                UNION ALL
                SELECT 'tracker_comments', count(*) FROM clinical.tracker_comments AS cmt WHERE cmt.tracker_id = v_tracker_id
                UNION ALL
                SELECT 'tracker_item_tags', count(*) FROM clinical.tracker_item_tags AS lnk WHERE lnk.tracker_id = v_tracker_id
            ) AS own
            WHERE own.n > 0
        );
        DELETE FROM clinical.reporting_effort_items AS itm WHERE itm.id = p_item_id;
        rows_deleted := v_cascade || '{"reporting_effort_items": 1}';
        PERFORM clinical.record_call(
            p_actor_id,
            'item.deleted',
            clinical.effort_rooms(jsonb_build_array(jsonb_build_object(
                'id', p_item_id, 'reporting_effort_id', v_row.reporting_effort_id, 'is_active', v_row.is_active, 'delta', NULL
            ))),
            jsonb_build_array(clinical.entry_of(
                'reporting_effort_items', p_item_id, 'DELETE', jsonb_build_object('deleted', to_jsonb(v_row), 'cascade', v_cascade)
            ))
        );
    END IF;
    PERFORM clinical.note_write('delete_item', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.delete_item IS
'status: ok, forbidden, not_found, programmers_assigned with 1 or 2 in blocking_count. rows_deleted: table and number of rows.';

REVOKE ALL ON FUNCTION clinical.delete_item FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.delete_item TO tidemark_app;

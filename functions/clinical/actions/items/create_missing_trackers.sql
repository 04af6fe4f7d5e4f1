-- clinical.create_missing_trackers()
-- Gives a tracker to every item that has none, as old imports left them.
-- requires: clinical.may(), clinical.effort_rooms(), clinical.record_call(), clinical.entry_of(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Items"

CREATE OR REPLACE FUNCTION clinical.create_missing_trackers(
    p_actor_id integer, p_reporting_effort_id integer DEFAULT NULL, OUT status text, OUT created_count integer
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_made jsonb;
BEGIN
    created_count := 0;
    status := CASE
        WHEN NOT clinical.may(p_actor_id, 'item.bulk_create') THEN 'forbidden'
        WHEN p_reporting_effort_id IS NOT NULL
            AND NOT EXISTS (SELECT FROM clinical.reporting_efforts AS eff WHERE eff.id = p_reporting_effort_id) THEN 'effort_not_found'
        ELSE 'ok'
    END;
    IF status = 'ok' THEN
        WITH made AS (
            INSERT INTO clinical.reporting_effort_item_tracker AS trk (reporting_effort_item_id, reporting_effort_id)
            SELECT
                itm.id,
                itm.reporting_effort_id
            FROM clinical.reporting_effort_items AS itm
            WHERE (p_reporting_effort_id IS NULL OR itm.reporting_effort_id = p_reporting_effort_id)
                AND NOT EXISTS (
                    SELECT FROM clinical.reporting_effort_item_tracker AS trk WHERE trk.reporting_effort_item_id = itm.id
                )
            ORDER BY itm.id
            ON CONFLICT (reporting_effort_item_id) DO NOTHING
            RETURNING trk.*
        )

        SELECT jsonb_agg(jsonb_build_object(
            'id', mad.id, 'reporting_effort_id', mad.reporting_effort_id, 'is_active', itm.is_active, 'created', to_jsonb(mad),
            'delta', to_jsonb(mad) - 'id' - 'created_at' - 'updated_at'
        ) ORDER BY mad.id)
        INTO v_made
        FROM made AS mad
        INNER JOIN clinical.reporting_effort_items AS itm ON mad.reporting_effort_item_id = itm.id;
    END IF;
    IF v_made IS NOT NULL THEN
        created_count := jsonb_array_length(v_made);
        PERFORM clinical.record_call(p_actor_id, 'tracker.created', clinical.effort_rooms(v_made), (
            SELECT jsonb_agg(clinical.entry_of(
                'reporting_effort_item_tracker', mad.id, 'CREATE', jsonb_build_object('created', mad.created)
            ) ORDER BY mad.id)
            FROM jsonb_to_recordset(v_made) AS mad (id integer, created jsonb)
        ));
    END IF;
    PERFORM clinical.note_write('create_missing_trackers', p_actor_id, v_started, created_count, status);
END;
$$;

COMMENT ON FUNCTION clinical.create_missing_trackers IS
'Of one reporting effort, or of all. The trackers have default values. Needs item.bulk_create. status: ok, forbidden, effort_not_found.';

REVOKE ALL ON FUNCTION clinical.create_missing_trackers FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.create_missing_trackers TO tidemark_app;

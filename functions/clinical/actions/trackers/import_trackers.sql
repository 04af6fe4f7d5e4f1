-- clinical.import_trackers()
-- Changes trackers of a reporting effort by the codes of their items, all or none.
-- requires: clinical.may(), clinical.payload_code(), clinical.refuse_batch(), clinical.lock_trackers()
-- requires: clinical.judge_imports(), clinical.write_tracker_batch(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Importing trackers"

CREATE OR REPLACE FUNCTION clinical.import_trackers(
    p_actor_id integer, p_reporting_effort_id integer, p_rows jsonb, p_update_existing boolean DEFAULT TRUE,
    OUT status text, OUT code text, OUT row_count integer, OUT updated_count integer, OUT unchanged_count integer,
    OUT error_count integer, OUT changed_count integer, OUT row_results jsonb
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_code text := CASE
        WHEN NOT clinical.may(p_actor_id, 'tracker.import') THEN 'forbidden'
        WHEN NOT EXISTS (SELECT FROM clinical.reporting_efforts AS eff WHERE eff.id = p_reporting_effort_id) THEN 'effort_not_found'
        WHEN clinical.payload_code(p_rows, 10000) IS NOT NULL THEN clinical.payload_code(p_rows, 10000)
        WHEN NOT EXISTS (
            SELECT FROM clinical.reporting_effort_items AS itm WHERE itm.reporting_effort_id = p_reporting_effort_id
        ) THEN 'effort_has_no_items'
    END;
BEGIN
    IF v_code IS NOT NULL THEN
        SELECT ref.* INTO status, code, row_count, updated_count, unchanged_count, error_count, changed_count, row_results
        FROM clinical.refuse_batch(v_code, p_rows) AS ref;
    ELSE
        PERFORM clinical.lock_trackers(
            ARRAY(
                SELECT usr.id FROM clinical.users AS usr
                WHERE usr.username IN (
                    SELECT cell.value #>> '{}'
                    FROM jsonb_path_query(p_rows, '$[*] ? (@.type() == "object").keyvalue() ? (@.key like_regex "_username$").value') AS cell (value)
                )
            ),
            ARRAY(
                SELECT trk.id
                FROM clinical.reporting_effort_items AS itm
                INNER JOIN clinical.reporting_effort_item_tracker AS trk ON itm.id = trk.reporting_effort_item_id
                WHERE itm.reporting_effort_id = p_reporting_effort_id
                    AND itm.item_code IN (
                        SELECT cell.value #>> '{}'
                        FROM jsonb_path_query(p_rows, '$[*] ? (@.type() == "object").item_code') AS cell (value)
                    )
            )
        );
        SELECT wri.* INTO status, code, row_count, updated_count, unchanged_count, error_count, changed_count, row_results
        FROM (
            SELECT coalesce(jsonb_agg(jud ORDER BY jud.row_no), '[]') AS rows
            FROM clinical.judge_imports(p_reporting_effort_id, p_rows) AS jud
        ) AS jud
        CROSS JOIN LATERAL clinical.write_tracker_batch(
            p_actor_id, 'BULK_IMPORT', 'tracker.imported', p_reporting_effort_id, jud.rows, NOT coalesce(p_update_existing, TRUE)
        ) AS wri;
    END IF;
    PERFORM clinical.note_write('import_trackers', p_actor_id, v_started, row_count, status);
END;
$$;

COMMENT ON FUNCTION clinical.import_trackers IS
'p_rows: a JSON list of at most 10000 objects. Cells that are empty or null change nothing. Without p_update_existing every right row is skipped. Answers as clinical.bulk_update_trackers(), also with the codes effort_not_found and effort_has_no_items.';

REVOKE ALL ON FUNCTION clinical.import_trackers FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.import_trackers TO tidemark_app;

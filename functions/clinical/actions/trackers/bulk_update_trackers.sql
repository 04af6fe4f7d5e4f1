-- clinical.bulk_update_trackers()
-- Changes many trackers, all or none.
-- requires: clinical.may(), clinical.payload_code(), clinical.refuse_batch(), clinical.lock_trackers(), clinical.integer_of()
-- requires: clinical.judge_tracker_updates(), clinical.write_tracker_batch(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Many trackers at once"

CREATE OR REPLACE FUNCTION clinical.bulk_update_trackers(
    p_actor_id integer, p_rows jsonb,
    OUT status text, OUT code text, OUT row_count integer, OUT updated_count integer, OUT unchanged_count integer,
    OUT error_count integer, OUT changed_count integer, OUT row_results jsonb
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_code text := CASE
        WHEN NOT clinical.may(p_actor_id, 'tracker.bulk_update') THEN 'forbidden' ELSE clinical.payload_code(p_rows, 1000)
    END;
BEGIN
    IF v_code IS NOT NULL THEN
        SELECT ref.* INTO status, code, row_count, updated_count, unchanged_count, error_count, changed_count, row_results
        FROM clinical.refuse_batch(v_code, p_rows) AS ref;
    ELSE
        PERFORM clinical.lock_trackers(
            ARRAY(
                SELECT clinical.integer_of(cell.value)
                FROM jsonb_path_query(p_rows, '$[*] ? (@.type() == "object").*') AS cell (value)
                WHERE jsonb_typeof(cell.value) = 'number'
            ),
            ARRAY(
                SELECT clinical.integer_of(coalesce(row.value -> 'tracker_id', row.value -> 'id'))
                FROM jsonb_array_elements(p_rows) AS row (value)
            )
        );
        SELECT wri.* INTO status, code, row_count, updated_count, unchanged_count, error_count, changed_count, row_results
        FROM (SELECT coalesce(jsonb_agg(jud ORDER BY jud.row_no), '[]') AS rows FROM clinical.judge_tracker_updates(p_rows) AS jud) AS jud
        CROSS JOIN LATERAL clinical.write_tracker_batch(p_actor_id, 'BULK_UPDATE', 'tracker.bulk_updated', 0, jud.rows) AS wri;
    END IF;
    PERFORM clinical.note_write('bulk_update_trackers', p_actor_id, v_started, row_count, status);
END;
$$;

COMMENT ON FUNCTION clinical.bulk_update_trackers IS
'p_rows: a JSON list of at most 1000 objects, each with tracker_id and the columns to change. row_results has row_no, tracker_id, outcome, error_code and error_field of each row. No error is raised for what is wrong with the rows.';

REVOKE ALL ON FUNCTION clinical.bulk_update_trackers FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.bulk_update_trackers TO tidemark_app;

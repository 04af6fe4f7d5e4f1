-- clinical.bulk_assign_trackers()
-- Gives many trackers their programmers, all or none; no status moves.
-- requires: clinical.may(), clinical.payload_code(), clinical.refuse_batch(), clinical.lock_trackers(), clinical.integer_of()
-- requires: clinical.judge_assignments(), clinical.write_tracker_batch(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Many programmers at once"

CREATE OR REPLACE FUNCTION clinical.bulk_assign_trackers(
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
        WHEN NOT clinical.may(p_actor_id, 'tracker.bulk_assign') THEN 'forbidden' ELSE clinical.payload_code(p_rows, 1000)
    END;
BEGIN
    IF v_code IS NOT NULL THEN
        SELECT ref.* INTO status, code, row_count, updated_count, unchanged_count, error_count, changed_count, row_results
        FROM clinical.refuse_batch(v_code, p_rows) AS ref;
    ELSE
        PERFORM clinical.lock_trackers(
            ARRAY(SELECT clinical.integer_of(row.value -> 'user_id') FROM jsonb_array_elements(p_rows) AS row (value)),
            ARRAY(SELECT clinical.integer_of(row.value -> 'tracker_id') FROM jsonb_array_elements(p_rows) AS row (value))
        );
        SELECT wri.* INTO status, code, row_count, updated_count, unchanged_count, error_count, changed_count, row_results
        FROM (SELECT coalesce(jsonb_agg(jud ORDER BY jud.row_no), '[]') AS rows FROM clinical.judge_assignments(p_rows) AS jud) AS jud
        CROSS JOIN LATERAL clinical.write_tracker_batch(p_actor_id, 'BULK_ASSIGN', 'tracker.bulk_assigned', 0, jud.rows) AS wri;
    END IF;
    PERFORM clinical.note_write('bulk_assign_trackers', p_actor_id, v_started, row_count, status);
END;
$$;

COMMENT ON FUNCTION clinical.bulk_assign_trackers IS
'p_rows: a JSON list of at most 1000 objects with tracker_id, user_id and role, production or qc. Answers as clinical.bulk_update_trackers().';

REVOKE ALL ON FUNCTION clinical.bulk_assign_trackers FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.bulk_assign_trackers TO tidemark_app;

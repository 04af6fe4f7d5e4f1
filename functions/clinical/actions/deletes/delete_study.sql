-- clinical.delete_study()
-- Deletes a study without database releases.
-- requires: clinical.may(), clinical.record_saved(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Deleting"

CREATE OR REPLACE FUNCTION clinical.delete_study(
    p_actor_id integer, p_study_id integer, OUT status text, OUT blocking_count integer, OUT rows_deleted jsonb
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_row clinical.studies;
BEGIN
    rows_deleted := '{}';
    IF NOT clinical.may(p_actor_id, 'structure.manage') THEN
        status := 'forbidden';
    ELSE
        SELECT std.* INTO v_row FROM clinical.studies AS std WHERE std.id = p_study_id FOR UPDATE;
        blocking_count := (SELECT count(*) FROM clinical.database_releases AS rel WHERE rel.study_id = p_study_id);
        status := CASE WHEN v_row.id IS NULL THEN 'not_found' WHEN blocking_count > 0 THEN 'has_releases' ELSE 'ok' END;
    END IF;
    blocking_count := nullif(blocking_count, 0);
    IF status = 'ok' THEN
        DELETE FROM clinical.studies AS std WHERE std.id = p_study_id;
        rows_deleted := '{"studies": 1}';
        PERFORM clinical.record_saved(p_actor_id, 'study', to_jsonb(v_row), NULL);
    END IF;
    PERFORM clinical.note_write('delete_study', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.delete_study IS
'status: ok, forbidden, not_found, has_releases with their number in blocking_count. rows_deleted: table and number of rows.';

REVOKE ALL ON FUNCTION clinical.delete_study FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.delete_study TO tidemark_app;

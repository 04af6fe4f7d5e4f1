-- clinical.delete_database_release()
-- Deletes a database release without reporting efforts.
-- requires: clinical.may(), clinical.record_saved(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Deleting"

CREATE OR REPLACE FUNCTION clinical.delete_database_release(
    p_actor_id integer, p_database_release_id integer, OUT status text, OUT blocking_count integer, OUT rows_deleted jsonb
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_row clinical.database_releases;
BEGIN
    rows_deleted := '{}';
    IF NOT clinical.may(p_actor_id, 'structure.manage') THEN
        status := 'forbidden';
    ELSE
        SELECT rel.* INTO v_row FROM clinical.database_releases AS rel WHERE rel.id = p_database_release_id FOR UPDATE;
        blocking_count := (SELECT count(*) FROM clinical.reporting_efforts AS eff WHERE eff.database_release_id = p_database_release_id);
        status := CASE WHEN v_row.id IS NULL THEN 'not_found' WHEN blocking_count > 0 THEN 'has_efforts' ELSE 'ok' END;
    END IF;
    blocking_count := nullif(blocking_count, 0);
    IF status = 'ok' THEN
        DELETE FROM clinical.database_releases AS rel WHERE rel.id = p_database_release_id;
        rows_deleted := '{"database_releases": 1}';
        PERFORM clinical.record_saved(p_actor_id, 'release', to_jsonb(v_row), NULL);
    END IF;
    PERFORM clinical.note_write('delete_database_release', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.delete_database_release IS
'status: ok, forbidden, not_found, has_efforts with their number in blocking_count. rows_deleted: table and number of rows.';

REVOKE ALL ON FUNCTION clinical.delete_database_release FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.delete_database_release TO tidemark_app;

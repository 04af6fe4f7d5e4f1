-- clinical.delete_reporting_effort()
-- Deletes a reporting effort without items.
-- requires: clinical.may(), clinical.record_saved(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Deleting"

CREATE OR REPLACE FUNCTION clinical.delete_reporting_effort(
    p_actor_id integer, p_reporting_effort_id integer, OUT status text, OUT blocking_count integer, OUT rows_deleted jsonb
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_row clinical.reporting_efforts;
BEGIN
    rows_deleted := '{}';
    IF NOT clinical.may(p_actor_id, 'structure.manage') THEN
        status := 'forbidden';
    ELSE
        SELECT eff.* INTO v_row FROM clinical.reporting_efforts AS eff WHERE eff.id = p_reporting_effort_id FOR UPDATE;
        blocking_count := (SELECT count(*) FROM clinical.reporting_effort_items AS itm WHERE itm.reporting_effort_id = p_reporting_effort_id);
        status := CASE WHEN v_row.id IS NULL THEN 'not_found' WHEN blocking_count > 0 THEN 'has_items' ELSE 'ok' END;
    END IF;
    blocking_count := nullif(blocking_count, 0);
    IF status = 'ok' THEN
        DELETE FROM clinical.reporting_efforts AS eff WHERE eff.id = p_reporting_effort_id;
        rows_deleted := '{"reporting_efforts": 1}';
        PERFORM clinical.record_saved(p_actor_id, 'effort', to_jsonb(v_row), NULL);
    END IF;
    PERFORM clinical.note_write('delete_reporting_effort', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.delete_reporting_effort IS
'status: ok, forbidden, not_found, has_items with their number in blocking_count. rows_deleted: table and number of rows.';

REVOKE ALL ON FUNCTION clinical.delete_reporting_effort FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.delete_reporting_effort TO tidemark_app;

-- clinical.delete_package()
-- Deletes a package without items.
-- requires: clinical.may(), clinical.record_saved(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Deleting"

CREATE OR REPLACE FUNCTION clinical.delete_package(
    p_actor_id integer, p_package_id integer, OUT status text, OUT blocking_count integer, OUT rows_deleted jsonb
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_row clinical.packages;
BEGIN
    rows_deleted := '{}';
    IF NOT clinical.may(p_actor_id, 'package.manage') THEN
        status := 'forbidden';
    ELSE
        SELECT pkg.* INTO v_row FROM clinical.packages AS pkg WHERE pkg.id = p_package_id FOR UPDATE;
        blocking_count := (SELECT count(*) FROM clinical.package_items AS itm WHERE itm.package_id = p_package_id);
        status := CASE WHEN v_row.id IS NULL THEN 'not_found' WHEN blocking_count > 0 THEN 'has_items' ELSE 'ok' END;
    END IF;
    blocking_count := nullif(blocking_count, 0);
    IF status = 'ok' THEN
        DELETE FROM clinical.packages AS pkg WHERE pkg.id = p_package_id;
        rows_deleted := '{"packages": 1}';
        PERFORM clinical.record_saved(p_actor_id, 'package', to_jsonb(v_row), NULL);
    END IF;
    PERFORM clinical.note_write('delete_package', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.delete_package IS
'status: ok, forbidden, not_found, has_items with their number in blocking_count. rows_deleted: table and number of rows.';

REVOKE ALL ON FUNCTION clinical.delete_package FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.delete_package TO tidemark_app;

-- clinical.delete_package_item()
-- Deletes an item of a package with its details and links; items copied from it stay.
-- requires: clinical.may(), clinical.record_saved(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Deleting"

CREATE OR REPLACE FUNCTION clinical.delete_package_item(
    p_actor_id integer, p_item_id integer, OUT status text, OUT blocking_count integer, OUT rows_deleted jsonb
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_row clinical.package_items;
    v_cascade jsonb;
BEGIN
    rows_deleted := '{}';
    IF NOT clinical.may(p_actor_id, 'package.manage') THEN
        status := 'forbidden';
    ELSE
        SELECT itm.* INTO v_row FROM clinical.package_items AS itm WHERE itm.id = p_item_id FOR UPDATE;
        status := CASE WHEN v_row.id IS NULL THEN 'not_found' ELSE 'ok' END;
    END IF;
    IF status = 'ok' THEN
        v_cascade := (
            SELECT coalesce(jsonb_object_agg(own.name, own.n), '{}')
            FROM (
                SELECT 'package_tlf_details' AS name, count(*) AS n FROM clinical.package_tlf_details AS det WHERE det.package_item_id = p_item_id
                UNION ALL
                SELECT 'package_dataset_details', count(*) FROM clinical.package_dataset_details AS det WHERE det.package_item_id = p_item_id
                UNION ALL
                SELECT 'package_item_footnotes', count(*) FROM clinical.package_item_footnotes AS lnk WHERE lnk.package_item_id = p_item_id
                UNION ALL
                SELECT 'package_item_acronyms', count(*) FROM clinical.package_item_acronyms AS lnk WHERE lnk.package_item_id = p_item_id
            ) AS own
            WHERE own.n > 0
        );
        DELETE FROM clinical.package_items AS itm WHERE itm.id = p_item_id;
        rows_deleted := v_cascade || '{"package_items": 1}';
        PERFORM clinical.record_saved(p_actor_id, 'package_item', to_jsonb(v_row), NULL, jsonb_build_object('cascade', v_cascade));
    END IF;
    PERFORM clinical.note_write('delete_package_item', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.delete_package_item IS
'status: ok, forbidden, not_found. rows_deleted: table and number of rows.';

REVOKE ALL ON FUNCTION clinical.delete_package_item FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.delete_package_item TO tidemark_app;

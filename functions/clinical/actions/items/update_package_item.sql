-- clinical.update_package_item()
-- Changes code, subtype or type of an item of a package; another type takes its details away.
-- requires: clinical.may(), clinical.subtype_fits(), clinical.is_blank(), clinical.record_saved(), clinical.note_write()
-- source:   docs/clinical_writes.md, "Items"

CREATE OR REPLACE FUNCTION clinical.update_package_item(
    p_actor_id integer, p_item_id integer, p_item_type text DEFAULT NULL, p_item_subtype text DEFAULT NULL, p_item_code text DEFAULT NULL,
    OUT status text
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_started timestamptz := clock_timestamp();
    v_before clinical.package_items;
    v_after clinical.package_items;
BEGIN
    IF NOT clinical.may(p_actor_id, 'package.manage') THEN
        status := 'forbidden';
    ELSE
        PERFORM FROM clinical.packages AS pkg
        WHERE pkg.id = (SELECT itm.package_id FROM clinical.package_items AS itm WHERE itm.id = p_item_id)
        FOR NO KEY UPDATE;
        SELECT itm.* INTO v_before FROM clinical.package_items AS itm WHERE itm.id = p_item_id FOR UPDATE;
        v_after := v_before;
        v_after.item_type := coalesce(p_item_type, v_before.item_type);
        v_after.item_subtype := coalesce(p_item_subtype, v_before.item_subtype);
        v_after.item_code := coalesce(p_item_code, v_before.item_code);
        status := CASE
            WHEN v_before.id IS NULL THEN 'item_not_found'
            WHEN v_after.item_type NOT IN ('TLF', 'Dataset') THEN 'type_invalid'
            -- a subtype that fitted the old type does not fit the new one
            WHEN NOT clinical.subtype_fits(v_after.item_type, v_after.item_subtype) THEN 'subtype_invalid'
            WHEN clinical.is_blank(v_after.item_code) OR length(v_after.item_code) > 255 THEN 'value_invalid'
            WHEN EXISTS (
                SELECT FROM clinical.package_items AS itm
                WHERE (itm.package_id, itm.item_type, itm.item_subtype, itm.item_code)
                    = (v_before.package_id, v_after.item_type, v_after.item_subtype, v_after.item_code)
                    AND itm.id <> p_item_id
            ) THEN 'item_exists'
            ELSE 'ok'
        END;
    END IF;
    IF status = 'ok' THEN
        DELETE FROM clinical.package_tlf_details AS det WHERE det.package_item_id = p_item_id AND v_after.item_type <> 'TLF';
        DELETE FROM clinical.package_dataset_details AS det WHERE det.package_item_id = p_item_id AND v_after.item_type <> 'Dataset';
        UPDATE clinical.package_items AS itm
        SET item_type = v_after.item_type, item_subtype = v_after.item_subtype, item_code = v_after.item_code
        WHERE itm.id = p_item_id
        RETURNING itm.* INTO v_after;
        PERFORM clinical.record_saved(p_actor_id, 'package_item', to_jsonb(v_before), to_jsonb(v_after));
    END IF;
    PERFORM clinical.note_write('update_package_item', p_actor_id, v_started, 1, status);
END;
$$;

COMMENT ON FUNCTION clinical.update_package_item IS
'What is NULL stays. status: ok, forbidden, item_not_found, type_invalid, subtype_invalid, value_invalid, item_exists.';

REVOKE ALL ON FUNCTION clinical.update_package_item FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clinical.update_package_item TO tidemark_app;

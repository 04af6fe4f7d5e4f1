-- commerce.merge_inventory_levels()
-- Writes the accepted rows of a stock file.
-- requires: commerce.upload_to_merge()
-- source:   docs/commerce.md, "What a load writes"

CREATE OR REPLACE FUNCTION commerce.merge_inventory_levels(p_upload_id bigint)
RETURNS jsonb LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET work_mem = '128MB'
AS $$
DECLARE
    v_upload record := commerce.upload_to_merge(p_upload_id);
    v_written bigint;
BEGIN
    INSERT INTO commerce.inventory_levels AS lev (
        shop_id, inventory_item_id, location_id, csv_upload_id, available, updated_at
    )
    SELECT
        v_upload.shop_id,
        checked.inventory_item_id,
        checked.location_id,
        v_upload.csv_upload_id,
        checked.available,
        checked.updated_at
    FROM pg_temp.checked_rows AS checked
    WHERE NOT checked.is_rejected AND NOT checked.is_superseded
    ORDER BY checked.inventory_item_id, checked.location_id
    ON CONFLICT (shop_id, inventory_item_id, location_id) DO UPDATE
    SET
        csv_upload_id = excluded.csv_upload_id,
        available = excluded.available,
        updated_at = excluded.updated_at;
    GET DIAGNOSTICS v_written = ROW_COUNT;
    RETURN jsonb_build_object('inventory_levels', v_written);
END;
$$;

COMMENT ON FUNCTION commerce.merge_inventory_levels IS
'Called by the loader. The last load wins, even with an older updated_at; levels the file does not mention stay.';

REVOKE ALL ON FUNCTION commerce.merge_inventory_levels FROM PUBLIC;

-- commerce.merge_variants()
-- Writes the accepted rows of a variants file.
-- requires: commerce.upload_to_merge()
-- source:   docs/commerce.md, "What a load writes"

CREATE OR REPLACE FUNCTION commerce.merge_variants(p_upload_id bigint)
RETURNS jsonb LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET work_mem = '128MB'
AS $$
DECLARE
    v_upload record := commerce.upload_to_merge(p_upload_id);
    v_written bigint;
BEGIN
    INSERT INTO commerce.variants AS var (
        shop_id, variant_id, csv_upload_id, product_id, sku, variant_title, price, compare_at_price, cost,
        inventory_item_id, inventory_item_created_at
    )
    SELECT
        v_upload.shop_id,
        checked.variant_id,
        v_upload.csv_upload_id,
        checked.product_id,
        checked.sku,
        checked.variant_title,
        checked.price,
        nullif(checked.compare_at_price, 0),
        checked.cost,
        checked.inventory_item_id,
        checked.inventory_item_created_at
    FROM pg_temp.checked_rows AS checked
    WHERE NOT checked.is_rejected AND NOT checked.is_superseded
    ORDER BY checked.variant_id
    ON CONFLICT (shop_id, variant_id) DO UPDATE
    SET
        csv_upload_id = excluded.csv_upload_id,
        product_id = excluded.product_id,
        sku = excluded.sku,
        variant_title = excluded.variant_title,
        price = excluded.price,
        compare_at_price = excluded.compare_at_price,
        cost = excluded.cost,
        inventory_item_id = excluded.inventory_item_id,
        inventory_item_created_at = excluded.inventory_item_created_at;
    GET DIAGNOSTICS v_written = ROW_COUNT;
    RETURN jsonb_build_object('variants', v_written);
END;
$$;

COMMENT ON FUNCTION commerce.merge_variants IS
'Called by the loader. All columns are those of the newest file, empty cells too; a row names the upload that wrote it last, so every row of the file is written.';

REVOKE ALL ON FUNCTION commerce.merge_variants FROM PUBLIC;

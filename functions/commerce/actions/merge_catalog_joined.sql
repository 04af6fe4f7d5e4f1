-- commerce.merge_catalog_joined()
-- Writes the accepted rows of a catalog file into the picture of its run.
-- requires: commerce.upload_to_merge()
-- source:   docs/commerce.md, "What a load writes"

CREATE OR REPLACE FUNCTION commerce.merge_catalog_joined(p_upload_id bigint)
RETURNS jsonb LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET work_mem = '128MB'
AS $$
DECLARE
    v_upload record := commerce.upload_to_merge(p_upload_id);
    v_written bigint;
BEGIN
    INSERT INTO commerce.catalog_snapshot AS cat (
        shop_id, run_id, variant_id, csv_upload_id, product_id, product_title, product_type, tags, product_status,
        vendor, product_created_at, product_published_at, sku, variant_title, price, compare_at_price, cost,
        inventory_item_id, inventory_item_created_at, available_total, last_inventory_update
    )
    SELECT
        v_upload.shop_id,
        v_upload.run_id,
        checked.variant_id,
        v_upload.csv_upload_id,
        checked.product_id,
        checked.product_title,
        checked.product_type,
        checked.tags,
        upper(checked.product_status COLLATE "C"),
        checked.vendor,
        checked.product_created_at,
        checked.product_published_at,
        checked.sku,
        checked.variant_title,
        checked.price,
        nullif(checked.compare_at_price, 0),
        checked.cost,
        checked.inventory_item_id,
        checked.inventory_item_created_at,
        nullif(checked.available_total, -1),  -- how shops say that stock is not tracked
        checked.last_inventory_update
    FROM pg_temp.checked_rows AS checked
    WHERE NOT checked.is_rejected AND NOT checked.is_superseded
    ORDER BY checked.variant_id
    ON CONFLICT (shop_id, run_id, variant_id) DO UPDATE
    SET
        csv_upload_id = excluded.csv_upload_id,
        product_id = excluded.product_id,
        product_title = excluded.product_title,
        product_type = excluded.product_type,
        tags = excluded.tags,
        product_status = excluded.product_status,
        vendor = excluded.vendor,
        product_created_at = excluded.product_created_at,
        product_published_at = excluded.product_published_at,
        sku = excluded.sku,
        variant_title = excluded.variant_title,
        price = excluded.price,
        compare_at_price = excluded.compare_at_price,
        cost = excluded.cost,
        inventory_item_id = excluded.inventory_item_id,
        inventory_item_created_at = excluded.inventory_item_created_at,
        available_total = excluded.available_total,
        last_inventory_update = excluded.last_inventory_update;
    GET DIAGNOSTICS v_written = ROW_COUNT;
    RETURN jsonb_build_object('catalog_rows', v_written);
END;
$$;

COMMENT ON FUNCTION commerce.merge_catalog_joined IS
'Called by the loader. Rows of other runs stay as they are; within the run all columns are those of the newest file, empty cells too.';

REVOKE ALL ON FUNCTION commerce.merge_catalog_joined FROM PUBLIC;

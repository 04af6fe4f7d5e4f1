-- Undo 0018_commerce_order_times_filled; the times go with their column.
-- transactional: false

CREATE INDEX CONCURRENTLY order_lines_shop_id_variant_id_idx
ON commerce.order_lines (shop_id, variant_id) WHERE variant_id IS NOT NULL;

DROP INDEX CONCURRENTLY commerce.catalog_snapshot_shop_id_inventory_item_id_idx;

DROP INDEX CONCURRENTLY commerce.order_lines_shop_id_variant_id_ordered_at_idx;

DROP INDEX CONCURRENTLY commerce.order_lines_shop_id_utc_day_idx;

DROP INDEX CONCURRENTLY commerce.orders_shop_id_utc_day_idx;

DROP INDEX CONCURRENTLY commerce.orders_shop_id_order_id_created_at_key;

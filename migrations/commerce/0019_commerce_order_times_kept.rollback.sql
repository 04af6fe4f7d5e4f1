-- Undo 0019_commerce_order_times_kept.

DROP INDEX commerce.catalog_snapshot_shop_id_inventory_item_id_idx;
CREATE INDEX order_lines_shop_id_variant_id_idx
ON commerce.order_lines (shop_id, variant_id) WHERE variant_id IS NOT NULL;
DROP INDEX commerce.order_lines_shop_id_variant_id_ordered_at_idx;
DROP INDEX commerce.order_lines_shop_id_utc_day_idx;
DROP INDEX commerce.orders_shop_id_utc_day_idx;
ALTER TABLE commerce.order_lines
DROP CONSTRAINT order_lines_shop_id_order_id_ordered_at_fkey,
DROP CONSTRAINT order_lines_ordered_at_is_known_check,
ADD CONSTRAINT order_lines_shop_id_order_id_fkey FOREIGN KEY (shop_id, order_id)
REFERENCES commerce.orders ON DELETE CASCADE;
ALTER TABLE commerce.orders DROP CONSTRAINT orders_shop_id_order_id_created_at_key;

-- Undo 0019_commerce_order_times_kept.

ALTER TABLE commerce.order_lines
DROP CONSTRAINT order_lines_shop_id_order_id_ordered_at_fkey,
DROP CONSTRAINT order_lines_ordered_at_is_known_check,
ADD CONSTRAINT order_lines_shop_id_order_id_fkey FOREIGN KEY (shop_id, order_id)
REFERENCES commerce.orders ON DELETE CASCADE;
ALTER TABLE commerce.orders DROP CONSTRAINT orders_shop_id_order_id_created_at_key;
CREATE UNIQUE INDEX orders_shop_id_order_id_created_at_key ON commerce.orders (shop_id, order_id, created_at);

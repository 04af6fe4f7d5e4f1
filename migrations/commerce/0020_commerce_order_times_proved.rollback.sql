-- Undo 0020_commerce_order_times_proved.

ALTER TABLE commerce.order_lines
ADD CONSTRAINT order_lines_ordered_at_is_known_check CHECK (ordered_at IS NOT NULL) NOT VALID,
ALTER COLUMN ordered_at DROP NOT NULL,
DROP CONSTRAINT order_lines_shop_id_order_id_ordered_at_fkey,
ADD CONSTRAINT order_lines_shop_id_order_id_ordered_at_fkey FOREIGN KEY (shop_id, order_id, ordered_at)
REFERENCES commerce.orders (shop_id, order_id, created_at) ON UPDATE CASCADE ON DELETE CASCADE NOT VALID;

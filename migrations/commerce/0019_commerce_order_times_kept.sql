-- Commerce: the foreign key carries the time of an order along to its lines, so that it cannot differ; indexes over the times.
-- depends: 0018_commerce_order_times_filled
-- squawk-ignore-file ban-drop-constraint, disallowed-unique-constraint, constraint-missing-not-valid, require-concurrent-index-creation, require-concurrent-index-deletion

SET LOCAL lock_timeout = '5s';

-- lines that came while the others were filled
UPDATE commerce.order_lines AS line SET ordered_at = ord.created_at
FROM commerce.orders AS ord
WHERE line.ordered_at IS NULL AND line.shop_id = ord.shop_id AND line.order_id = ord.order_id;

ALTER TABLE commerce.orders ADD CONSTRAINT orders_shop_id_order_id_created_at_key UNIQUE (shop_id, order_id, created_at);
ALTER TABLE commerce.order_lines
ADD CONSTRAINT order_lines_ordered_at_is_known_check CHECK (ordered_at IS NOT NULL) NOT VALID,
DROP CONSTRAINT order_lines_shop_id_order_id_fkey,
ADD CONSTRAINT order_lines_shop_id_order_id_ordered_at_fkey FOREIGN KEY (shop_id, order_id, ordered_at)
REFERENCES commerce.orders (shop_id, order_id, created_at) ON UPDATE CASCADE ON DELETE CASCADE NOT VALID;

CREATE INDEX orders_shop_id_utc_day_idx ON commerce.orders (shop_id, ((created_at AT TIME ZONE 'UTC')::date));
CREATE INDEX order_lines_shop_id_utc_day_idx ON commerce.order_lines (shop_id, ((ordered_at AT TIME ZONE 'UTC')::date));
CREATE INDEX order_lines_shop_id_variant_id_ordered_at_idx
ON commerce.order_lines (shop_id, variant_id, ordered_at)
INCLUDE (csv_upload_id, quantity, line_total) WHERE variant_id IS NOT NULL;
DROP INDEX commerce.order_lines_shop_id_variant_id_idx;
CREATE INDEX catalog_snapshot_shop_id_inventory_item_id_idx ON commerce.catalog_snapshot (shop_id, inventory_item_id);

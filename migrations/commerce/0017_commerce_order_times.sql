-- Commerce: each order line knows when its order was placed, so that the figures of a day or an article read one index.
-- depends: 0016_commerce_indexes
-- squawk-ignore-file adding-not-nullable-field, constraint-missing-not-valid, adding-foreign-key-constraint, disallowed-unique-constraint, ban-drop-constraint, require-concurrent-index-creation, require-concurrent-index-deletion

ALTER TABLE commerce.order_lines ADD COLUMN ordered_at timestamptz;

UPDATE commerce.order_lines AS line SET ordered_at = ord.created_at
FROM commerce.orders AS ord
WHERE line.shop_id = ord.shop_id AND line.order_id = ord.order_id;

ALTER TABLE commerce.order_lines ALTER COLUMN ordered_at SET NOT NULL;

-- the foreign key carries the time along: it cannot differ from that of the order
ALTER TABLE commerce.orders ADD CONSTRAINT orders_shop_id_order_id_created_at_key UNIQUE (shop_id, order_id, created_at);
ALTER TABLE commerce.order_lines
DROP CONSTRAINT order_lines_shop_id_order_id_fkey,
ADD CONSTRAINT order_lines_shop_id_order_id_ordered_at_fkey FOREIGN KEY (shop_id, order_id, ordered_at)
REFERENCES commerce.orders (shop_id, order_id, created_at) ON UPDATE CASCADE ON DELETE CASCADE;

COMMENT ON COLUMN commerce.order_lines.ordered_at IS
'Time of the order, UTC: its created_at, filled in when not given, and changed with it.';

CREATE INDEX orders_shop_id_utc_day_idx ON commerce.orders (shop_id, ((created_at AT TIME ZONE 'UTC')::date));
CREATE INDEX order_lines_shop_id_utc_day_idx ON commerce.order_lines (shop_id, ((ordered_at AT TIME ZONE 'UTC')::date));
CREATE INDEX order_lines_shop_id_variant_id_ordered_at_idx
ON commerce.order_lines (shop_id, variant_id, ordered_at)
INCLUDE (csv_upload_id, quantity, line_total) WHERE variant_id IS NOT NULL;
DROP INDEX commerce.order_lines_shop_id_variant_id_idx;
CREATE INDEX catalog_snapshot_shop_id_inventory_item_id_idx ON commerce.catalog_snapshot (shop_id, inventory_item_id);

-- Commerce: the times of the lines that are there, some pages at a time, and the indexes over them; readers and writers go on.
-- depends: 0017_commerce_order_times
-- transactional: false

DO $$
DECLARE
    v_pages bigint := pg_relation_size('commerce.order_lines') / current_setting('block_size')::integer;
    v_first bigint := 0;
BEGIN
    WHILE v_first <= v_pages LOOP
        UPDATE commerce.order_lines AS line SET ordered_at = ord.created_at
        FROM commerce.orders AS ord
        WHERE line.ctid >= format('(%s,0)', v_first)::tid AND line.ctid < format('(%s,0)', v_first + 1000)::tid
            AND line.ordered_at IS NULL AND line.shop_id = ord.shop_id AND line.order_id = ord.order_id;
        COMMIT;
        v_first := v_first + 1000;
    END LOOP;
END $$;

CREATE UNIQUE INDEX CONCURRENTLY orders_shop_id_order_id_created_at_key ON commerce.orders (shop_id, order_id, created_at);

CREATE INDEX CONCURRENTLY orders_shop_id_utc_day_idx ON commerce.orders (shop_id, ((created_at AT TIME ZONE 'UTC')::date));

CREATE INDEX CONCURRENTLY order_lines_shop_id_utc_day_idx ON commerce.order_lines (shop_id, ((ordered_at AT TIME ZONE 'UTC')::date));

CREATE INDEX CONCURRENTLY order_lines_shop_id_variant_id_ordered_at_idx
ON commerce.order_lines (shop_id, variant_id, ordered_at)
INCLUDE (csv_upload_id, quantity, line_total) WHERE variant_id IS NOT NULL;

CREATE INDEX CONCURRENTLY catalog_snapshot_shop_id_inventory_item_id_idx ON commerce.catalog_snapshot (shop_id, inventory_item_id);

DROP INDEX CONCURRENTLY commerce.order_lines_shop_id_variant_id_idx;

-- commerce.run_coverage, resolved_line, variant_kpi, daily_sales, order_basket: whole rows of a small shop.
BEGIN;
SELECT plan(16);
SET LOCAL tidemark.as_of = '2025-06-30';
SET LOCAL TimeZone = 'Asia/Tokyo';  -- no result may depend on it

INSERT INTO commerce.csv_uploads (id, shop_id, run_id, filename, csv_type, status) VALUES
('00000000-0000-4000-8000-00000000000a', 'a', 'r', 'o', 'orders', 'completed'),
('00000000-0000-4000-8000-00000000000b', 'a', 'r', 'v', 'variants', 'completed'),
('00000000-0000-4000-8000-00000000000c', 'a', 'r', 'c', 'catalog_joined', 'completed'),
('00000000-0000-4000-8000-00000000000d', 'a', 'newer', 'o', 'orders', 'completed'),
('00000000-0000-4000-8000-00000000000e', 'b', 'r', 'o', 'orders', 'completed');
INSERT INTO commerce.variants (shop_id, variant_id, csv_upload_id, product_id, sku, price) VALUES
('a', 'V1', '00000000-0000-4000-8000-00000000000b', 'P', 'S1', 1), ('a', 'V2', '00000000-0000-4000-8000-00000000000b', 'P', 'SD', 1),
('a', 'V3', '00000000-0000-4000-8000-00000000000b', 'P', 'SD', 1);
INSERT INTO commerce.catalog_snapshot
(shop_id, run_id, variant_id, csv_upload_id, product_id, price, cost, inventory_item_id, available_total, product_created_at) VALUES
('a', 'r', 'V1', '00000000-0000-4000-8000-00000000000c', 'P', 10, 4, 'I1', 50, '2025-06-01 00:00+00'),
('a', 'r', 'X', '00000000-0000-4000-8000-00000000000c', 'P', 10, NULL, 'I2', NULL, NULL);
INSERT INTO commerce.inventory_levels (shop_id, inventory_item_id, location_id, csv_upload_id, available) VALUES
('a', 'I1', 'L1', '00000000-0000-4000-8000-00000000000d', 7), ('a', 'I1', 'L2', '00000000-0000-4000-8000-00000000000d', -2),
('b', 'I1', 'L1', '00000000-0000-4000-8000-00000000000e', 900);
INSERT INTO commerce.orders (shop_id, order_id, csv_upload_id, created_at, currency, total) VALUES
('a', 'O1', '00000000-0000-4000-8000-00000000000a', '2025-06-10 23:59:59+00', 'USD', 30),
('a', 'O2', '00000000-0000-4000-8000-00000000000a', '2025-04-11 23:59:59+00', 'USD', NULL),
('a', 'O3', '00000000-0000-4000-8000-00000000000a', '2025-04-11 23:59:58+00', 'USD', NULL),
('a', 'O4', '00000000-0000-4000-8000-00000000000d', '2025-06-01 00:00+00', 'USD', 5),
('b', 'O1', '00000000-0000-4000-8000-00000000000e', '2025-06-30 00:00+00', 'USD', 5);
INSERT INTO commerce.order_lines (shop_id, order_id, line_key, csv_upload_id, variant_id, sku, quantity, unit_price, line_total) VALUES
('a', 'O1', '1', '00000000-0000-4000-8000-00000000000a', 'V1', NULL, 3, 10, 30),
('a', 'O1', '2', '00000000-0000-4000-8000-00000000000a', NULL, 'SD', 1, 1, 1),
('a', 'O1', '3', '00000000-0000-4000-8000-00000000000a', 'gone', NULL, 1, 1, 1),
('a', 'O2', '1', '00000000-0000-4000-8000-00000000000a', NULL, 'S1', 2, 10, 20),
('a', 'O3', '1', '00000000-0000-4000-8000-00000000000a', 'V1', NULL, -1, 10, -10),
('a', 'O4', '1', '00000000-0000-4000-8000-00000000000d', 'V1', NULL, 8, 10, 80),
('b', 'O1', '1', '00000000-0000-4000-8000-00000000000e', 'V1', NULL, 99, 1, 99);

SELECT is(
    (SELECT cov::text FROM commerce.run_coverage AS cov WHERE cov.shop_id = 'a' AND cov.run_id = 'r'),
    '(a,r,3,5,3,2,0,2,0.333333,2,1,1,1,ready)', 'Coverage compares sets: X in the catalog does not make up for V2 and V3'
);
SELECT is(
    (SELECT cov::text FROM commerce.run_coverage AS cov WHERE cov.run_id = 'newer'),
    '(a,newer,1,1,0,0,2,0,0.000000,1,1,1,0,waiting)', 'Another run of the shop has its own rows'
);
SELECT is(count(*), 3::bigint, 'One row per shop and run') FROM commerce.run_coverage;
SELECT results_eq(
    $$SELECT order_id, line_key, variant_id FROM commerce.resolved_line WHERE shop_id = 'a' AND run_id = 'r' ORDER BY 1, 2$$,
    $$VALUES ('O1' COLLATE "C", '1' COLLATE "C", 'V1' COLLATE "C"), ('O1', '3', 'gone'), ('O2', '1', 'V1'), ('O3', '1', 'V1')$$,
    'A shared SKU resolves to nothing, an unknown variant to itself'
);

SELECT is(kpi.as_of, '2025-06-10 23:59:59+00'::timestamptz, 'Measured at the newest order of the shop, whichever run')
FROM commerce.variant_kpi AS kpi WHERE kpi.variant_id = 'V1';
SELECT is(
    (kpi.units_60d, kpi.units_90d, kpi.revenue_90d), (5::bigint, 4::bigint, 40.00), 'The 60th day counts, a second before it only in 90'
) FROM commerce.variant_kpi AS kpi WHERE kpi.variant_id = 'V1';
SELECT is((kpi.available, kpi.stock_cover_days), (5::bigint, 60.00), 'Stock is summed over locations of this shop')
FROM commerce.variant_kpi AS kpi WHERE kpi.variant_id = 'V1';
SELECT ok(kpi.is_new_launch AND NOT kpi.is_slow_mover, 'Created nine days before') FROM commerce.variant_kpi AS kpi WHERE kpi.variant_id = 'V1';
SELECT is(
    (kpi.units_60d, kpi.revenue_90d, kpi.available, kpi.is_slow_mover, kpi.last_sold_at, kpi.gross_margin_ratio),
    (0::bigint, 0.00, NULL::bigint, true, NULL::timestamptz, NULL::numeric), 'Never sold, stock and cost unknown'
) FROM commerce.variant_kpi AS kpi WHERE kpi.variant_id = 'X';

SELECT is(
    (SELECT (kpi.units_60d, kpi.units_90d, kpi.as_of) FROM commerce.variant_kpi_at('a', 'r', '2025-04-11 23:59:58+00') AS kpi WHERE kpi.variant_id = 'V1'),
    (-1::bigint, -1::bigint, '2025-04-11 23:59:58+00'::timestamptz), 'At another instant later orders do not count'
);
SELECT is(current_setting('tidemark.kpi_as_of', true), '', 'The chosen instant is gone afterwards');
SELECT is(
    (SELECT count(*) FROM commerce.variant_kpi_at('a', 'r') AS kpi WHERE kpi.as_of = '2025-06-10 23:59:59+00'), 2::bigint,
    'No instant is the newest order'
);

SELECT results_eq(
    $$SELECT day, orders, units, line_revenue, order_total FROM commerce.daily_sales WHERE shop_id = 'a' AND run_id = 'r' ORDER BY day$$,
    $$VALUES ('2025-04-11'::date, 2::bigint, 1::bigint, 10.00, NULL::numeric), ('2025-06-10', 1, 5, 32.00, 30.00)$$,
    'Days are UTC days, totals of orders that state none are NULL'
);
SELECT results_eq(
    $$SELECT order_id, line_count, item_count, basket_value, is_multi_item FROM commerce.order_basket WHERE shop_id = 'a' ORDER BY 1$$,
    $$VALUES ('O1' COLLATE "C", 3::bigint, 5::bigint, 32.00, true), ('O2', 1, 2, 20.00, false), ('O3', 1, -1, -10.00, false), ('O4', 1, 8, 80.00, false)$$,
    'Baskets'
);
SELECT is(
    (SELECT array_agg(art.price ORDER BY art.variant_id) FROM commerce.article AS art WHERE art.shop_id = 'a' AND art.run_id = 'r'),
    ARRAY[10, 1, 1, 10]::numeric[], 'The catalog price comes before that of the variant'
);
SELECT is(
    (SELECT count(DISTINCT upl.canonical_upload_id) FROM commerce.upload AS upl WHERE upl.shop_id = 'a' AND upl.run_id = 'r'), 1::bigint,
    'All uploads of a run lead to its orders'
);

SELECT * FROM finish();
ROLLBACK;

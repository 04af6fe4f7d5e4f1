-- What belongs to a run and to a shop, and days and orders in which nothing was sold: coverage, sales, baskets, pairs.
BEGIN;
SELECT plan(28);

INSERT INTO commerce.csv_uploads (id, shop_id, run_id, filename, csv_type, status, created_at) VALUES
('00000000-0000-4000-8000-00000000000a', 'a', 'r', 'o', 'orders', 'completed', '2025-01-01'),
('00000000-0000-4000-8000-00000000000b', 'a', 'r', 'v', 'variants', 'completed', '2025-01-01'),
('00000000-0000-4000-8000-00000000000c', 'a', 'r', 'c', 'catalog_joined', 'completed', '2025-01-01'),
('00000000-0000-4000-8000-0000000000ba', 'b', 'r', 'o', 'orders', 'completed', '2025-01-01');
INSERT INTO commerce.variants (shop_id, variant_id, csv_upload_id, product_id, sku, price, variant_title) VALUES
('a', 'V1', '00000000-0000-4000-8000-00000000000b', 'P', 'S1', 1, 'One'),
('a', 'V3', '00000000-0000-4000-8000-00000000000b', 'P', 'S3', 1, 'Three'),
('b', 'V9', '00000000-0000-4000-8000-00000000000b', 'P', 'S9', 1, 'Stray');
INSERT INTO commerce.catalog_snapshot (shop_id, run_id, variant_id, csv_upload_id, product_id, price, product_title, variant_title, available_total) VALUES
('a', 'r', 'V1', '00000000-0000-4000-8000-00000000000c', 'P', 10, 'Product one', 'Variant one', NULL),
('a', 'r', 'V2', '00000000-0000-4000-8000-00000000000c', 'P', 10, NULL, 'Variant two', 6);
INSERT INTO commerce.orders (shop_id, order_id, csv_upload_id, created_at, currency, total) VALUES
('a', 'NEW', '00000000-0000-4000-8000-00000000000a', '2025-06-30 12:00+00', 'USD', 7),
('a', 'O60', '00000000-0000-4000-8000-00000000000a', '2025-04-30 12:00+00', 'USD', 5),
('a', 'O90', '00000000-0000-4000-8000-00000000000a', '2025-04-01 12:00+00', 'USD', 5),
('a', 'OLD', '00000000-0000-4000-8000-00000000000a', '2025-04-01 11:59:59+00', 'USD', 5),
('b', 'STRAY', '00000000-0000-4000-8000-00000000000a', '2025-06-01 12:00+00', 'USD', 5);
INSERT INTO commerce.order_lines (shop_id, order_id, line_key, csv_upload_id, variant_id, sku, quantity, unit_price, line_total) VALUES
('a', 'O60', '1', '00000000-0000-4000-8000-00000000000a', 'V1', NULL, 1, 10, 10),
('a', 'O60', '2', '00000000-0000-4000-8000-00000000000a', 'V2', NULL, 0, 10, 0),
('a', 'O90', '1', '00000000-0000-4000-8000-00000000000a', 'V1', NULL, 4, 10, 40),
('a', 'OLD', '1', '00000000-0000-4000-8000-00000000000a', 'V1', NULL, 16, 10, 160),
('a', 'OLD', '2', '00000000-0000-4000-8000-00000000000a', 'V2', NULL, 3, 10, 30),
('a', 'OLD', '3', '00000000-0000-4000-8000-00000000000a', NULL, 'NOPE', 1, 10, 10),
('b', 'STRAY', '1', '00000000-0000-4000-8000-00000000000a', 'V1', NULL, 1, 10, 10),
('b', 'STRAY', '2', '00000000-0000-4000-8000-00000000000a', NULL, 'S1', 1, 10, 10);

-- a row stamped with an upload of another shop belongs to no run of either
SELECT is(count(*), 0::bigint, 'Stray variants are no article') FROM commerce.article WHERE variant_id = 'V9';
SELECT is(count(*), 0::bigint, 'Stray variants resolve no SKU') FROM commerce.sku_resolution WHERE sku = 'S9';
SELECT is(count(*), 0::bigint, 'Stray lines are resolved for nobody') FROM commerce.resolved_line WHERE order_id = 'STRAY';
SELECT is(count(*), 0::bigint, 'Stray orders are no basket') FROM commerce.order_basket WHERE order_id = 'STRAY';
SELECT is(count(*), 0::bigint, 'Stray orders are sold on no day') FROM commerce.daily_sales WHERE shop_id = 'b';
SELECT is((cov.orders, cov.order_lines), (0::bigint, 0::bigint), 'Stray orders count in no run')
FROM commerce.run_coverage AS cov WHERE cov.shop_id = 'b';
SELECT is((cov.orders, cov.order_lines, cov.variants), (4::bigint, 6::bigint, 2::bigint), 'Nor in that of the upload')
FROM commerce.run_coverage AS cov WHERE cov.shop_id = 'a';

SELECT is(count(*), 0::bigint, 'A SKU that no variant has resolves to nothing') FROM commerce.resolved_line WHERE variant_id IS NULL;
-- articles
SELECT results_eq(
    $$SELECT variant_id COLLATE "default", title COLLATE "default" FROM commerce.article WHERE shop_id = 'a' AND run_id = 'r' ORDER BY 1$$,
    $$VALUES ('V1', 'Product one'), ('V2', 'Variant two'), ('V3', 'Three')$$,
    'The title of the product, else of the variant; variants that the catalog lacks'
);

-- nothing sold
SELECT is((day.orders, day.units, day.line_revenue, day.order_total), (1::bigint, 0::bigint, 0.00, 7.00), 'A day whose order has no line')
FROM commerce.daily_sales AS day WHERE day.day = '2025-06-30';
SELECT is((bas.line_count, bas.item_count, bas.basket_value, bas.is_multi_item), (0::bigint, 0::bigint, 0.00, false), 'A basket without lines')
FROM commerce.order_basket AS bas WHERE bas.order_id = 'NEW';
SELECT ok(NOT bas.is_multi_item, 'An item of which none was bought makes no second one')
FROM commerce.order_basket AS bas WHERE bas.order_id = 'O60';
SELECT ok(bas.is_multi_item, 'Two items') FROM commerce.order_basket AS bas WHERE bas.order_id = 'OLD';

-- windows of sales end at the newest order of the shop: 2025-06-30 12:00
SELECT is((kpi.units_60d, kpi.units_90d, kpi.revenue_90d), (0::bigint, 5::bigint, 50.00), 'The 90th day counts, a second before it does not')
FROM commerce.variant_kpi AS kpi WHERE kpi.shop_id = 'a' AND kpi.variant_id = 'V1';
SELECT is(
    (kpi.units_60d, kpi.units_90d, kpi.revenue_90d, kpi.last_sold_at),
    (0::bigint, 0::bigint, 0.00, '2025-04-30 12:00+00'::timestamptz), 'Nothing in 90 days'
) FROM commerce.variant_kpi AS kpi WHERE kpi.shop_id = 'a' AND kpi.variant_id = 'V2';
SELECT is((kpi.units_60d, kpi.units_90d, kpi.revenue_90d), (0::bigint, 0::bigint, 0.00), 'Sold only before both windows')
FROM commerce.variant_kpi_at('a', 'r', '2025-08-30 12:00+00') AS kpi WHERE kpi.variant_id = 'V2';
SELECT is((kpi.units_90d, kpi.last_sold_at), (20::bigint, '2025-04-01 12:00+00'::timestamptz), 'What was sold later is not known yet')
FROM commerce.variant_kpi_at('a', 'r', '2025-04-02 12:00+00') AS kpi WHERE kpi.variant_id = 'V1';

SELECT is(kpi.available, 6::bigint, 'Without inventory levels the catalog tells the stock')
FROM commerce.variant_kpi AS kpi WHERE kpi.shop_id = 'a' AND kpi.variant_id = 'V2';

-- the last registered file of each kind decides
CREATE FUNCTION pg_temp.readiness() RETURNS text LANGUAGE sql AS
$$SELECT readiness FROM commerce.run_coverage WHERE shop_id = 'a' AND run_id = 'r'$$;
CREATE FUNCTION pg_temp.ready_with(kind text, registered timestamptz, now_is text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    INSERT INTO commerce.csv_uploads (shop_id, run_id, filename, csv_type, status, created_at, error_code)
    VALUES ('a', 'r', 'x', kind, now_is, registered, 'empty_file');
    answer := pg_temp.readiness();
    DELETE FROM commerce.csv_uploads WHERE filename = 'x';
    RETURN answer;
END
$$;
SELECT is(pg_temp.readiness(), 'ready', 'All three are completed');
SELECT is(pg_temp.ready_with(kind, '2025-01-02', 'failed'), 'waiting', format('A newer file of %s failed', kind))
FROM unnest(ARRAY['orders', 'variants', 'catalog_joined']) AS kind;
SELECT is(pg_temp.ready_with('variants', '2024-12-31', 'failed'), 'ready', 'An older one that failed is past');
SELECT is(pg_temp.ready_with('variants', '2025-01-01', 'failed'), 'waiting', 'At the same instant the one registered last counts');

-- pairs bought together
INSERT INTO commerce.association_rules
(csv_upload_id, antecedent, consequent, n_transactions, n_antecedent, n_consequent, n_both, support, confidence, lift, computed_at)
SELECT upl.id::uuid, rul.antecedent, rul.consequent, 9, 5, 5, 5, 0.5, 1, 2, '2025-01-01'
FROM (VALUES ('00000000-0000-4000-8000-00000000000a'), ('00000000-0000-4000-8000-0000000000ba')) AS upl (id)
CROSS JOIN (VALUES
    ('{V1}'::text[], '{V2}'::text[]), ('{V2}', '{V1}'), ('{V7}', '{V1}'), ('{V1}', '{V7}'), ('{V1,V2}', '{V3}'), ('{V3}', '{V1,V2}')
) AS rul (antecedent, consequent);
INSERT INTO commerce.catalog_snapshot (shop_id, run_id, variant_id, csv_upload_id, product_id, price, product_title) VALUES
('a', 'other', 'V1', '00000000-0000-4000-8000-00000000000c', 'P', 10, 'Of another run'),
('b', 'r', 'V1', '00000000-0000-4000-8000-0000000000ba', 'P', 10, 'Of another shop');
SELECT results_eq(
    $$SELECT antecedent_variant_id COLLATE "default", antecedent_title, consequent_variant_id COLLATE "default", consequent_title
      FROM commerce.co_purchase_pair WHERE shop_id = 'a' ORDER BY 1, 3$$,
    $$VALUES ('V1', 'Product one', 'V2', NULL), ('V1', 'Product one', 'V7', NULL), ('V2', NULL, 'V1', 'Product one'),
      ('V7', NULL, 'V1', 'Product one')$$,
    'Rules of one item each way, with the titles of the catalog of shop and run; items that left the catalog have none'
);
SELECT is(count(*), 8::bigint, 'No pair twice') FROM commerce.co_purchase_pair;

-- bundles of a shop
INSERT INTO commerce.bundle_recommendations
(csv_upload_id, shop_id, dedupe_key, bundle_type, objective, products, pricing, ai_copy, confidence, predicted_lift, ranking_score,
 is_approved, discount_reference) VALUES
('00000000-0000-4000-8000-00000000000a', 'a', '1', 'FBT', 'x', '[]', '{"bundle_price": 1.11}', '{}', 0.5, 1, 1, true, NULL),
('00000000-0000-4000-8000-00000000000a', 'a', '2', 'FBT', 'x', '[]', '{"bundle_price": "9"}', '{}', 0.5, 1, 1, false, NULL),
('00000000-0000-4000-8000-00000000000a', 'a', '3', 'FBT', 'x', '[]', '{"bundle_price": 3}', '{}', 0.333333, 1, 1, false, '__quick_start_1'),
('00000000-0000-4000-8000-00000000000a', 'a', '4', 'FBT', 'x', '[]', '{"bundle_price": 100}', '{}', 1, 1, 1, true, '__partial__1');
SELECT is(
    format('%s %s %s %s %s', por.bundles, por.approved_bundles, por.average_confidence, por.approved_share, por.potential_value),
    '3 1 0.444444 0.333333 1.56', 'Checkpoints are no bundles; a price that is no number has no value; cents are rounded'
) FROM commerce.bundle_portfolio AS por WHERE por.shop_id = 'a';
SELECT is(
    (SELECT array_agg(format('%s %s', por.shop_id, por.run_id)) FROM commerce.bundle_portfolio AS por), ARRAY['a r'], 'Of their own run'
);

SELECT * FROM finish();
ROLLBACK;

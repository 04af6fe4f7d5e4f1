-- Migrations 0012 to 0016: tables of commerce, their defaults and what they refuse.
BEGIN;
SELECT plan(51);
SET LOCAL tidemark.as_of = '2025-06-30';

CREATE FUNCTION pg_temp.violated(p_statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_constraint text;
BEGIN
    EXECUTE p_statement;
    RETURN 'accepted';
EXCEPTION WHEN integrity_constraint_violation THEN
    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME;
    RETURN SQLSTATE || ' ' || v_constraint;
END;
$$;

SELECT columns_are('commerce', 'association_rules', ARRAY[
    'csv_upload_id', 'antecedent', 'consequent', 'n_transactions', 'n_antecedent', 'n_consequent', 'n_both',
    'support', 'confidence', 'lift', 'computed_at'
]);
SELECT columns_are('commerce', 'bundle_recommendations', ARRAY[
    'id', 'csv_upload_id', 'shop_id', 'dedupe_key', 'bundle_type', 'objective', 'products', 'pricing', 'ai_copy',
    'confidence', 'predicted_lift', 'ranking_score', 'support', 'lift', 'rank_position', 'discount_reference',
    'is_approved', 'is_used', 'created_at', 'updated_at'
]);
SELECT columns_are('commerce', 'bundle_save_issues', ARRAY[
    'save_id', 'item_no', 'reason'
]);
SELECT columns_are('commerce', 'bundle_saves', ARRAY[
    'save_id', 'saved_at', 'duration_ms', 'record_count', 'inserted_count', 'updated_count', 'rejected_count',
    'duplicate_count'
]);
SELECT columns_are('commerce', 'catalog_snapshot', ARRAY[
    'shop_id', 'run_id', 'variant_id', 'csv_upload_id', 'product_id', 'product_title', 'product_type', 'tags',
    'product_status', 'vendor', 'product_created_at', 'product_published_at', 'sku', 'variant_title', 'price',
    'compare_at_price', 'cost', 'inventory_item_id', 'inventory_item_created_at', 'available_total',
    'last_inventory_update', 'is_seasonal', 'is_high_margin'
]);
SELECT columns_are('commerce', 'csv_uploads', ARRAY[
    'id', 'upload_no', 'load_upload_id', 'shop_id', 'run_id', 'filename', 'csv_type', 'currency', 'status',
    'error_code', 'error_detail', 'error_message', 'total_rows', 'processed_rows', 'rejected_rows', 'superseded_rows',
    'schema_version', 'code_version', 'processing_params', 'bundle_generation_metrics', 'time_window_start',
    'time_window_end', 'created_at', 'updated_at'
]);
SELECT columns_are('commerce', 'generation_progress', ARRAY[
    'csv_upload_id', 'shop_id', 'step', 'progress', 'status', 'message', 'metadata', 'updated_at'
]);
SELECT columns_are('commerce', 'generation_steps', ARRAY[
    'step', 'step_no'
]);
SELECT columns_are('commerce', 'inventory_levels', ARRAY[
    'shop_id', 'inventory_item_id', 'location_id', 'csv_upload_id', 'available', 'updated_at'
]);
SELECT columns_are('commerce', 'order_lines', ARRAY[
    'shop_id', 'order_id', 'line_key', 'csv_upload_id', 'line_item_id', 'variant_id', 'product_id', 'sku', 'name',
    'product_title', 'variant_title', 'brand', 'category', 'quantity', 'unit_price', 'line_total', 'line_discount',
    'requires_shipping', 'is_gift_card', 'taxable', 'ordered_at'
]);
SELECT columns_are('commerce', 'orders', ARRAY[
    'shop_id', 'order_id', 'csv_upload_id', 'created_at', 'customer_id', 'customer_email', 'customer_country',
    'shipping_province', 'shipping_city', 'currency', 'clv_band', 'channel', 'device', 'subtotal', 'discount',
    'discount_code', 'shipping', 'taxes', 'total', 'financial_status', 'fulfillment_status', 'returned'
]);
SELECT columns_are('commerce', 'timing_limits', ARRAY[
    'operation', 'limit_ms'
]);
SELECT columns_are('commerce', 'variants', ARRAY[
    'shop_id', 'variant_id', 'csv_upload_id', 'product_id', 'sku', 'variant_title', 'price', 'compare_at_price',
    'cost', 'inventory_item_id', 'inventory_item_created_at'
]);

INSERT INTO load.families (family_name, description) VALUES ('test', 'Test');
INSERT INTO load.uploads (family_name, file_name, given_parameters, parameters, is_dry_run) VALUES ('test', 'x.csv', '{}', '{}', false);
INSERT INTO commerce.csv_uploads (id, load_upload_id, shop_id, run_id, filename, csv_type, status)
SELECT '00000000-0000-4000-8000-000000000001', max(upl.upload_id), 'a', 'r', 'x.csv', 'orders', 'completed' FROM load.uploads AS upl;
INSERT INTO commerce.orders (shop_id, order_id, csv_upload_id, created_at, currency) VALUES
('a', 'O', '00000000-0000-4000-8000-000000000001', '2025-01-01', 'USD'), ('b', 'O', '00000000-0000-4000-8000-000000000001', '2025-01-01', 'USD');
INSERT INTO commerce.order_lines (shop_id, order_id, line_key, csv_upload_id, quantity, unit_price, line_total) VALUES
('a', 'O', 'li:1', '00000000-0000-4000-8000-000000000001', 0, 1, 0), ('b', 'O', 'li:1', '00000000-0000-4000-8000-000000000001', -1, 1, -1);
INSERT INTO commerce.association_rules VALUES ('00000000-0000-4000-8000-000000000001', '{V1}', '{V2}', 4, 2, 2, 2, 0.5, 1, 2, now());
INSERT INTO commerce.bundle_recommendations
(csv_upload_id, shop_id, dedupe_key, bundle_type, objective, products, pricing, ai_copy, confidence, predicted_lift, ranking_score)
VALUES ('00000000-0000-4000-8000-000000000001', 'a', 'k', 'FBT', 'x', '[]', '{}', '{}', 1, 1, 1);
INSERT INTO commerce.catalog_snapshot (shop_id, run_id, variant_id, csv_upload_id, product_id, tags, price, compare_at_price) VALUES
('a', 'r', 'V1', '00000000-0000-4000-8000-000000000001', 'P', 'eco, GIFTable', 7.00, 10), ('a', 'r', 'V2', '00000000-0000-4000-8000-000000000001', 'P', 'eco', 6.99, 10),
('a', 'r', 'V3', '00000000-0000-4000-8000-000000000001', 'P', NULL, 0, 10), ('a', 'r', 'V4', '00000000-0000-4000-8000-000000000001', 'P', NULL, 5, NULL);

SELECT is(count(*), 2::bigint, 'Two shops may use the same order number') FROM commerce.orders;
SELECT ok(bool_and(NOT returned), 'An order is not returned unless it says so') FROM commerce.orders;
SELECT is(sum(line_discount), 0.00, 'A line has no discount unless it says so') FROM commerce.order_lines;
SELECT is(
    array_agg(is_seasonal ORDER BY variant_id), ARRAY[true, false, false, false], 'Seasonal tags count inside words, in any case'
) FROM commerce.catalog_snapshot;
SELECT is(
    array_agg(is_high_margin ORDER BY variant_id), ARRAY[false, true, false, false], 'Exactly 30 % off is not more than 30 %'
) FROM commerce.catalog_snapshot;

CREATE TEMPORARY TABLE refused (claim text, outcome text, statement text);
INSERT INTO refused VALUES
(
    'A status that nobody knows is refused', '23514 csv_uploads_status_is_known_check',
    $$UPDATE commerce.csv_uploads SET status = 'gone'$$
),
(
    'A kind that nobody knows is refused', '23514 csv_uploads_csv_type_is_known_check',
    $$UPDATE commerce.csv_uploads SET csv_type = 'customers'$$
),
(
    'A failed upload says why', '23514 csv_uploads_failed_has_error_code_check',
    $$UPDATE commerce.csv_uploads SET status = 'failed'$$
),
(
    'A loaded upload has a shop', '23514 csv_uploads_shop_is_known_once_loaded_check',
    $$UPDATE commerce.csv_uploads SET shop_id = NULL$$
),
(
    'A shop is written in lower case', '23514 csv_uploads_shop_id_is_normalised_check',
    $$UPDATE commerce.csv_uploads SET shop_id = 'A.example'$$
),
(
    'Only orders uploads generate', '23514 csv_uploads_generation_is_of_orders_check',
    $$UPDATE commerce.csv_uploads SET csv_type = 'variants', status = 'generating_bundles'$$
),
(
    'Rows are never fewer than none', '23514 csv_uploads_total_rows_not_negative_check',
    $$UPDATE commerce.csv_uploads SET status = 'processing', total_rows = -1$$
),
(
    'Nor processed rows', '23514 csv_uploads_processed_rows_not_negative_check',
    $$UPDATE commerce.csv_uploads SET status = 'processing', processed_rows = -1$$
),
(
    'Nor rejected rows', '23514 csv_uploads_rejected_rows_not_negative_check',
    $$UPDATE commerce.csv_uploads SET status = 'processing', rejected_rows = -1$$
),
(
    'Nor superseded rows', '23514 csv_uploads_superseded_rows_not_negative_check',
    $$UPDATE commerce.csv_uploads SET superseded_rows = -1$$
),
(
    'Counters balance', '23514 csv_uploads_rows_balance_check',
    $$UPDATE commerce.csv_uploads SET total_rows = 2, processed_rows = 1$$
),
(
    'Each upload has its own number', '23505 csv_uploads_upload_no_key',
    $$INSERT INTO commerce.csv_uploads (upload_no, run_id, filename) OVERRIDING SYSTEM VALUE SELECT upload_no, 'r', 'x' FROM commerce.csv_uploads$$
),
(
    'Each upload has its own load', '23505 csv_uploads_load_upload_id_key',
    $$INSERT INTO commerce.csv_uploads (load_upload_id, run_id, filename) SELECT load_upload_id, 'r', 'x' FROM commerce.csv_uploads$$
),
(
    'A load that an upload came from must exist', '23503 csv_uploads_load_upload_id_fkey',
    $$UPDATE commerce.csv_uploads SET load_upload_id = -1$$
),
(
    'An order needs its upload', '23503 orders_csv_upload_id_fkey',
    $$UPDATE commerce.orders SET csv_upload_id = gen_random_uuid()$$
),
(
    'An order number has at most 255 characters', '23514 orders_order_id_at_most_255_check',
    $$UPDATE commerce.orders SET order_id = repeat('x', 256)$$
),
(
    'A shop has an order number once', '23505 orders_pkey',
    $$INSERT INTO commerce.orders (shop_id, order_id, csv_upload_id, created_at, currency) VALUES ('a', 'O', '00000000-0000-4000-8000-000000000001', '2025-01-01', 'USD')$$
),
(
    'A line needs its order', '23503 order_lines_shop_id_order_id_ordered_at_fkey',
    $$INSERT INTO commerce.order_lines (shop_id, order_id, line_key, csv_upload_id, quantity, unit_price, line_total) VALUES ('a', 'none', 'li:1', '00000000-0000-4000-8000-000000000001', 1, 1, 1)$$
),
(
    'A rule has two sides', '23514 association_rules_sides_not_empty_check',
    $$UPDATE commerce.association_rules SET antecedent = '{}'$$
),
(
    'Both sides cannot be bought more often than one of them', '23514 association_rules_counts_are_possible_check',
    $$UPDATE commerce.association_rules SET n_both = 3$$
),
(
    'A bundle type is written in capitals', '23514 bundle_recommendations_bundle_type_is_upper_case_check',
    $$UPDATE commerce.bundle_recommendations SET bundle_type = 'fbt'$$
),
(
    'Confidence is a share', '23514 bundle_recommendations_confidence_is_share_check',
    $$UPDATE commerce.bundle_recommendations SET confidence = 1.000001$$
),
(
    'The same bundle is stored once', '23505 bundle_recommendations_csv_upload_id_dedupe_key_key',
    $$INSERT INTO commerce.bundle_recommendations SELECT gen_random_uuid(), csv_upload_id, shop_id, dedupe_key, bundle_type, objective, products, pricing, ai_copy, 0, 0, 0 FROM commerce.bundle_recommendations$$
),
(
    'Records of a save balance', '23514 bundle_saves_records_balance_check',
    $$INSERT INTO commerce.bundle_saves (saved_at, duration_ms, record_count, inserted_count, updated_count, rejected_count, duplicate_count) VALUES (now(), 1, 2, 1, 0, 0, 0)$$
),
(
    'A record is refused for a reason that is known', '23514 bundle_save_issues_reason_is_known_check',
    $$INSERT INTO commerce.bundle_save_issues VALUES (1, 1, 'mood')$$
),
(
    'Steps have different places', '23505 generation_steps_step_no_key',
    $$INSERT INTO commerce.generation_steps VALUES ('again', 1)$$
),
(
    'Progress is a percentage', '23514 generation_progress_progress_is_percent_check',
    $$INSERT INTO commerce.generation_progress VALUES ('00000000-0000-4000-8000-000000000001', 'a', 'scoring', 101, 'in_progress', NULL, NULL, now())$$
),
(
    'Progress has a status that is known', '23514 generation_progress_status_is_known_check',
    $$INSERT INTO commerce.generation_progress VALUES ('00000000-0000-4000-8000-000000000001', 'a', 'scoring', 1, 'idle', NULL, NULL, now())$$
),
(
    'Progress is at a step that is known', '23503 generation_progress_step_fkey',
    $$INSERT INTO commerce.generation_progress VALUES ('00000000-0000-4000-8000-000000000001', 'a', 'dreaming', 1, 'failed', NULL, NULL, now())$$
),
(
    'Limits are for known operations', '23514 timing_limits_operation_is_known_check',
    $$INSERT INTO commerce.timing_limits VALUES ('nap', 1)$$
),
(
    'A limit is more than nothing', '23514 timing_limits_limit_ms_positive_check',
    $$UPDATE commerce.timing_limits SET limit_ms = 0$$
);
SELECT is(pg_temp.violated(statement), outcome, claim) FROM refused;

DELETE FROM commerce.orders WHERE shop_id = 'a';
SELECT is(count(*), 1::bigint, 'The lines of an order go with it') FROM commerce.order_lines;
DELETE FROM commerce.catalog_snapshot;
DELETE FROM commerce.orders;
DELETE FROM commerce.csv_uploads;
SELECT is(
    (SELECT count(*) FROM commerce.association_rules) + (SELECT count(*) FROM commerce.bundle_recommendations), 0::bigint,
    'Rules and bundles go with their upload'
);
SELECT * FROM finish();
ROLLBACK;

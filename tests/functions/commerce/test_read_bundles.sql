-- commerce.read_bundles(): defaults, limits and the first reason against each record of a save.
BEGIN;
SELECT plan(34);

INSERT INTO commerce.csv_uploads (id, shop_id, run_id, filename, csv_type, status, error_code) VALUES
('00000000-0000-4000-8000-00000000000a', 'a', 'r', 'o', 'orders', 'completed', NULL),
('00000000-0000-4000-8000-00000000000b', 'a', 'r', 'v', 'variants', 'completed', NULL),
('00000000-0000-4000-8000-00000000000c', NULL, 'x', 'v', 'variants', 'failed', 'missing_shop');

-- one record of the upload, with these fields more
CREATE FUNCTION pg_temp.bundle(more jsonb) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_array('{"upload": "00000000-0000-4000-8000-00000000000b", "products": ["V1", "V2"]}'::jsonb || more)
$$;
CREATE FUNCTION pg_temp.reason(more jsonb) RETURNS text LANGUAGE sql AS $$
    SELECT rec.reason FROM commerce.read_bundles(pg_temp.bundle(more)) AS rec
$$;

-- which records are refused, and why
SELECT is(pg_temp.reason('{}'), NULL, 'An upload and products are enough');
SELECT is(pg_temp.reason('{"upload": "00000000-0000-4000-8000-0000000000ff"}'), 'unknown_upload', 'No such upload');
SELECT is(pg_temp.reason('{"upload": null}'), 'unknown_upload', 'No upload named');
SELECT is(pg_temp.reason('{"upload": "00000000-0000-4000-8000-00000000000c"}'), 'missing_shop', 'The upload has no shop');
SELECT is(
    pg_temp.reason('{"upload": "00000000-0000-4000-8000-00000000000c", "shop_id": "a"}'), NULL, 'Only a shop named does for it'
);
SELECT is(pg_temp.reason('{"shop_id": "b"}'), 'shop_mismatch', 'Another shop than that of the upload');
SELECT is(pg_temp.reason('{"shop_id": " A "}'), NULL, 'Shops are compared in lower case, without blanks around');
SELECT is(pg_temp.reason('{"products": []}'), 'invalid_products', 'No product');
SELECT is(pg_temp.reason('{"products": "V1"}'), 'invalid_products', 'Products that are no list');
SELECT is(pg_temp.reason('{"lift": "high"}'), 'bad_number', 'A text for a number');
SELECT is(pg_temp.reason('{"lift": null, "support": 0.5}'), NULL, 'Null is no bad number');
SELECT is(pg_temp.reason('{"confidence": 1.01}'), 'out_of_range', 'More than certain');
SELECT is(pg_temp.reason('{"confidence": -0.01}'), 'out_of_range', 'Less than impossible');
SELECT is(pg_temp.reason('{"confidence": 0}'), NULL, 'Impossible is allowed');
SELECT is(pg_temp.reason('{"confidence": 1}'), NULL, 'Certain is allowed');

-- 999999.9999995 would be stored as a million, which has a digit too many
SELECT is(
    pg_temp.reason('{"ranking_score": 1, "predicted_lift": 1}' || jsonb_build_object(number.name, 999999.9999995)), 'out_of_range',
    format('%s that rounds to a million', number.name)
) FROM (VALUES ('predicted_lift'), ('support'), ('lift')) AS number (name);
SELECT is(pg_temp.reason('{"ranking_score": 999999.9999995}'), 'out_of_range', 'ranking_score that rounds to a million');
SELECT is(
    pg_temp.reason(jsonb_build_object('ranking_score', 1, number.name, -999999.9999994)), NULL,
    format('%s just inside', number.name)
) FROM (VALUES ('predicted_lift'), ('support'), ('lift')) AS number (name);

-- what is stored where nothing is said
SELECT is(
    (SELECT format('%s %s', rec.shop_id, rec.csv_upload_id) FROM commerce.read_bundles(pg_temp.bundle('{}')) AS rec),
    'a 00000000-0000-4000-8000-00000000000a', 'The shop of the upload, the orders of its run'
);
SELECT is(format('%s %s', rec.bundle_type, rec.objective), 'FBT increase_aov', 'Type and objective')
FROM commerce.read_bundles(pg_temp.bundle('{}')) AS rec;
SELECT is(format('%s %s', rec.bundle_type, rec.objective), 'BOGO gift_box', 'A type is stored in upper case')
FROM commerce.read_bundles(pg_temp.bundle('{"bundle_type": " bogo ", "objective": "gift_box"}')) AS rec;
SELECT is((rec.pricing, rec.ai_copy), ('{}'::jsonb, '{}'::jsonb), 'Empty documents')
FROM commerce.read_bundles(pg_temp.bundle('{}')) AS rec;
SELECT is((rec.pricing, rec.ai_copy), ('{"a": 1}'::jsonb, '{"b": 2}'::jsonb), 'Documents stay as given')
FROM commerce.read_bundles(pg_temp.bundle('{"pricing": {"a": 1}, "ai_copy": {"b": 2}}')) AS rec;
SELECT is(
    (rec.confidence, rec.predicted_lift, rec.ranking_score, rec.support, rec.lift),
    (0.500000, 1.000000, 0.500000, NULL::numeric, NULL::numeric), 'Half certain, lift 1'
) FROM commerce.read_bundles(pg_temp.bundle('{}')) AS rec;
SELECT is((rec.predicted_lift, rec.ranking_score), (3.000000, 1.500000), 'The lift is the predicted one')
FROM commerce.read_bundles(pg_temp.bundle('{"lift": 3}')) AS rec;
SELECT is((rec.predicted_lift, rec.ranking_score), (2.000000, 9.000000), 'What is given counts')
FROM commerce.read_bundles(pg_temp.bundle('{"lift": 3, "predicted_lift": 2, "ranking_score": 9}')) AS rec;

-- six decimals, halves away from zero
SELECT is(
    format('%s %s %s %s %s', rec.confidence, rec.predicted_lift, rec.ranking_score, rec.support, rec.lift),
    '0.123457 1.123457 2.123457 3.123457 4.123457', 'Numbers are rounded'
) FROM commerce.read_bundles(pg_temp.bundle(
    '{"confidence": 0.1234565, "predicted_lift": 1.1234565, "ranking_score": 2.1234565, "support": 3.1234565, "lift": 4.1234565}'
)) AS rec;
SELECT is(rec.ranking_score, 0.333333, 'The score is made of the numbers before they are rounded')
FROM commerce.read_bundles(pg_temp.bundle('{"confidence": 0.00000033333333, "predicted_lift": 999999}')) AS rec;
SELECT is(rec.discount_reference, NULL, 'Blanks are no reference')
FROM commerce.read_bundles(pg_temp.bundle('{"discount_reference": "  "}')) AS rec;
SELECT results_eq(
    $$SELECT rec.item_no, rec.reason FROM commerce.read_bundles(pg_temp.bundle('{}') || '[{"upload": "x"}]'::jsonb) AS rec ORDER BY 1$$,
    $$VALUES (1, NULL), (2, 'unknown_upload')$$, 'Records are numbered from 1, each has its own reason'
);

SELECT * FROM finish();
ROLLBACK;

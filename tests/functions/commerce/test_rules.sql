-- Rules of commerce: each edge and each NULL that can occur.
BEGIN;
SELECT plan(63);
SET LOCAL tidemark.as_of = '2025-06-30';

-- what a line is worth
SELECT is(commerce.line_total(NULL, 0.335, 3, NULL), 1.01, 'The total is rounded once, at the end');
SELECT is(commerce.line_total(5.00, 0.335, 3, 1), 5.00, 'A stated net total counts as it is');
SELECT is(commerce.line_total(NULL, 10, 2, 3), 17.00, 'A discount is taken off');
SELECT is(commerce.line_total(NULL, 10, NULL, NULL), 10.00, 'No quantity is one');
SELECT is(commerce.line_total(NULL, 10, -2, NULL), -20.00, 'Returns are negative');
SELECT is(commerce.line_total(NULL, 1.005, 1, NULL), 1.01, 'Halves go away from zero');
SELECT is(commerce.line_total(NULL, NULL, 1, NULL), NULL, 'No price, no total');

-- readiness
SELECT is(commerce.readiness(NULL, 'completed', 'completed', 1, 1, 1), 'waiting', 'No orders yet');
SELECT is(commerce.readiness('completed', NULL, 'completed', 1, 1, 1), 'waiting', 'No variants yet');
SELECT is(commerce.readiness('completed', 'completed', NULL, 1, 1, 1), 'waiting', 'No catalog yet');
SELECT is(commerce.readiness('completed', 'failed', 'completed', 1, 1, 1), 'waiting', 'A failed newer file blocks');
SELECT is(commerce.readiness('ingestion_incomplete', 'completed', 'completed', 1, 1, 1), 'waiting', 'Not completed is waiting');
SELECT is(commerce.readiness('completed', 'completed', 'completed', 0, 1, 1), 'incomplete', 'No lines');
SELECT is(commerce.readiness('completed', 'completed', 'completed', 1, 0, 1), 'incomplete', 'No variants left');
SELECT is(commerce.readiness('completed', 'completed', 'completed', 1, 1, 0), 'incomplete', 'No catalog rows');
SELECT is(commerce.readiness('completed', 'completed', 'completed', 1, 1, 1), 'ready', 'Everything is there');
SELECT is(commerce.readiness('bundle_generation_queued', NULL, NULL, 0, 0, 0), 'started', 'Queued counts as started');
SELECT is(commerce.readiness('generating_bundles', NULL, NULL, 0, 0, 0), 'started', 'So does running');
SELECT is(commerce.readiness('bundle_generation_completed', NULL, NULL, 0, 0, 0), 'done', 'Bundles are stored');
SELECT is(commerce.readiness('bundle_generation_timed_out', NULL, NULL, 0, 0, 0), 'generation_failed', 'Final failures');

-- the words for clients cover every status
SELECT is(commerce.client_status(code.status), code.word, format('%s is shown as %s', code.status, code.word))
FROM (VALUES
    ('processing', 'processing'), ('completed', 'completed'), ('failed', 'failed'), ('ingestion_incomplete', 'failed'),
    ('blocked_missing_catalog', 'failed'), ('bundle_generation_queued', 'generating_bundles'),
    ('generating_bundles', 'generating_bundles'), ('bundle_generation_completed', 'completed'),
    ('bundle_generation_failed', 'failed'), ('bundle_generation_timed_out', 'failed'),
    ('bundle_generation_cancelled', 'failed'), (NULL, NULL)
) AS code (status, word);

-- sales figures
SELECT is(commerce.velocity_per_day(7), 0.116667, 'Seven units in 60 days');
SELECT is(commerce.stock_cover_days(95, 7), 814.29, 'Days are rounded to two decimals');
SELECT is(commerce.stock_cover_days(95, 0), NULL, 'Nothing sold: no cover');
SELECT is(commerce.stock_cover_days(NULL, 7), NULL, 'Stock unknown: no cover');
SELECT ok(commerce.is_slow_mover(0, 0), 'Nothing sold is slow, stock or not');
SELECT ok(commerce.is_slow_mover(2, 1), 'Two sold with stock is slow');
SELECT ok(NOT commerce.is_slow_mover(2, 0), 'Two sold and sold out is not');
SELECT ok(NOT commerce.is_slow_mover(2, NULL), 'Unknown stock counts as none');
SELECT ok(NOT commerce.is_slow_mover(3, 9), 'Three sold is not slow');
SELECT ok(commerce.is_new_launch('2025-05-31 00:00+00', '2025-06-30 00:00+00'), 'The 30th day still counts');
SELECT ok(NOT commerce.is_new_launch('2025-05-30 23:59:59+00', '2025-06-30 00:00+00'), 'A second more does not');
SELECT ok(commerce.is_new_launch('2025-06-30 00:00+00', '2025-06-30 00:00+00'), 'The instant itself counts');
SELECT ok(NOT commerce.is_new_launch('2025-07-01 00:00+00', '2025-06-30 00:00+00'), 'The future does not');
SELECT ok(NOT commerce.is_new_launch(NULL, '2025-06-30 00:00+00'), 'No creation time is no launch');
SELECT is(commerce.markdown_ratio(15, 10), 0.333333, 'A third off');
SELECT is(commerce.markdown_ratio(NULL, 10), NULL, 'No former price');
SELECT is(commerce.markdown_ratio(0, 10), NULL, 'A former price of nothing is none');
SELECT is(commerce.gross_margin_ratio(10, 4), 0.600000, 'Six of ten stay');
SELECT is(commerce.gross_margin_ratio(10, NULL), NULL, 'Cost unknown');
SELECT is(commerce.gross_margin_ratio(0, 4), NULL, 'No price');
SELECT is(commerce.gross_margin_ratio(0.80, 0.20), 0.750000, 'A price below one is a price');
SELECT is(commerce.gross_margin_ratio(3, 2), 0.333333, 'Margins have six decimals');
SELECT is(commerce.markdown_ratio(0.80, 0.60), 0.250000, 'Prices below one count');
SELECT is(commerce.markdown_ratio(10, 0), NULL, 'Given away is no markdown');
SELECT ok(NOT commerce.is_slow_mover(1, 0), 'One sold and sold out is not slow');
SELECT is(commerce.json_number('0.1234567'), 0.1234567, 'A number of a document stays as it is');
SELECT is(commerce.json_number('"1"'), NULL, 'A text is no number');
SELECT is(commerce.catalog_coverage_ratio(5, 3), 0.400000, 'Two of five');
SELECT is(commerce.catalog_coverage_ratio(0, 0), 0.000000, 'Nothing covers nothing');
SELECT is(commerce.rule_ratio(1, 3), 0.333333, 'Ratios have six decimals');
SELECT is(commerce.rule_ratio(1, 0), NULL, 'There is no ratio of nothing');

SELECT * FROM finish();
ROLLBACK;

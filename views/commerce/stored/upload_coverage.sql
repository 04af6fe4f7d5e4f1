-- commerce.upload_coverage
-- How complete each run is, kept.
-- grain:    one row per shop and run
-- requires: refresh.store(), refresh.affects(), commerce.run_coverage
-- source:   docs/commerce.md, "Coverage and readiness"
-- A load touches whole uploads, so changes are taken by upload: a file of a million lines queues a handful of rows.

SELECT refresh.store(
    'commerce.upload_coverage',
    live => 'commerce.run_coverage',
    key => '{shop_id,run_id}',
    target_lag => '1 minute'
);

SELECT refresh.affects('commerce.orders', 'commerce.upload_coverage', $$
    SELECT upl.shop_id, upl.run_id
    FROM changed
    INNER JOIN csv_uploads AS upl ON changed.csv_upload_id = upl.id
$$);
SELECT refresh.affects('commerce.order_lines', 'commerce.upload_coverage', $$
    SELECT upl.shop_id, upl.run_id
    FROM changed
    INNER JOIN csv_uploads AS upl ON changed.csv_upload_id = upl.id
$$);
-- A variant that moves to another run leaves orders of both runs with or without it.
SELECT refresh.affects('commerce.variants', 'commerce.upload_coverage', $$
    SELECT upl.shop_id, upl.run_id
    FROM changed
    INNER JOIN csv_uploads AS upl ON changed.csv_upload_id = upl.id
$$);
SELECT refresh.affects('commerce.inventory_levels', 'commerce.upload_coverage', $$
    SELECT upl.shop_id, upl.run_id
    FROM changed
    INNER JOIN csv_uploads AS upl ON changed.csv_upload_id = upl.id
$$);
SELECT refresh.affects('commerce.catalog_snapshot', 'commerce.upload_coverage', 'SELECT shop_id, run_id FROM changed');
SELECT refresh.affects('commerce.csv_uploads', 'commerce.upload_coverage', 'SELECT shop_id, run_id FROM changed');

COMMENT ON VIEW commerce.upload_coverage IS
'Coverage and readiness of every run, recomputed within a minute of a load. Same columns and rows as commerce.run_coverage; when it was computed is in refresh.freshness.';

GRANT SELECT ON commerce.upload_coverage TO tidemark_app, tidemark_operator;

-- commerce.variant_kpi_by_variant
-- Sales, stock and margin of every article, kept.
-- grain:    one row per shop, run and catalog row (variant)
-- requires: refresh.store(), refresh.affects(), commerce.variant_kpi
-- source:   docs/commerce.md, "Sales figures"
-- The newest order of a shop moves the window of all its articles, so changes are taken by shop.

SELECT refresh.store(
    'commerce.variant_kpi_by_variant',
    live => 'commerce.variant_kpi',
    key => '{shop_id,run_id,variant_id}',
    target_lag => '5 minutes'
);

SELECT refresh.affects('commerce.orders', 'commerce.variant_kpi_by_variant', 'SELECT changed.shop_id FROM changed');
SELECT refresh.affects('commerce.order_lines', 'commerce.variant_kpi_by_variant', 'SELECT changed.shop_id FROM changed');
SELECT refresh.affects('commerce.variants', 'commerce.variant_kpi_by_variant', 'SELECT changed.shop_id FROM changed');
SELECT refresh.affects('commerce.inventory_levels', 'commerce.variant_kpi_by_variant', 'SELECT changed.shop_id FROM changed');
-- A catalog file rewrites a whole run: one look at the run instead of one per article.
SELECT refresh.affects('commerce.catalog_snapshot', 'commerce.variant_kpi_by_variant', 'SELECT changed.shop_id, changed.run_id FROM changed');
SELECT refresh.affects('commerce.csv_uploads', 'commerce.variant_kpi_by_variant', 'SELECT changed.shop_id FROM changed');

COMMENT ON VIEW commerce.variant_kpi_by_variant IS
'Figures of each article at the newest order of its shop, recomputed within five minutes of a load. Same columns and rows as commerce.variant_kpi.';

GRANT SELECT ON commerce.variant_kpi_by_variant TO tidemark_app, tidemark_operator;

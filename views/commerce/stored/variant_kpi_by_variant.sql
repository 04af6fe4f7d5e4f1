-- commerce.variant_kpi_by_variant
-- Sales, stock and margin of every article, kept.
-- grain:    one row per shop, run and catalog row (variant)
-- requires: refresh.store(), refresh.affects(), commerce.variant_kpi
-- source:   docs/commerce.md, "Sales figures"
-- The newest order of a shop moves the window of all its articles.

SELECT refresh.store(
    'commerce.variant_kpi_by_variant',
    live => 'commerce.variant_kpi',
    key => '{shop_id,run_id,variant_id}',
    target_lag => '5 minutes'
);

-- Lines know the time of their order; an order itself matters when it is the newest of the shop, or was it.
SELECT refresh.affects('commerce.orders', 'commerce.variant_kpi_by_variant', $$
    SELECT changed.shop_id
    FROM changed
    WHERE NOT EXISTS (
        SELECT FROM orders AS later WHERE later.shop_id = changed.shop_id AND later.created_at > changed.created_at
    );
    IN BULK SELECT changed.shop_id FROM changed
$$);
SELECT refresh.affects('commerce.order_lines', 'commerce.variant_kpi_by_variant', $$
    SELECT changed.shop_id, upl.run_id, changed.variant_id
    FROM changed
    INNER JOIN csv_uploads AS upl ON changed.csv_upload_id = upl.id
    WHERE changed.variant_id IS NOT NULL
    UNION ALL
    SELECT changed.shop_id, upl.run_id, var.variant_id
    FROM changed
    INNER JOIN csv_uploads AS upl ON changed.csv_upload_id = upl.id
    INNER JOIN variants AS var ON changed.shop_id = var.shop_id AND changed.sku = var.sku
    WHERE changed.variant_id IS NULL;
    IN BULK SELECT changed.shop_id FROM changed
$$);
-- A variant decides, with all others of its SKU, which article the lines with that SKU are about.
SELECT refresh.affects('commerce.variants', 'commerce.variant_kpi_by_variant', $$
    SELECT changed.shop_id, upl.run_id, var.variant_id
    FROM changed
    INNER JOIN csv_uploads AS upl ON changed.csv_upload_id = upl.id
    INNER JOIN variants AS var ON changed.shop_id = var.shop_id AND changed.sku = var.sku;
    IN BULK SELECT changed.shop_id FROM changed
$$);
SELECT refresh.affects('commerce.inventory_levels', 'commerce.variant_kpi_by_variant', $$
    SELECT cat.shop_id, cat.run_id, cat.variant_id
    FROM changed
    INNER JOIN catalog_snapshot AS cat ON changed.shop_id = cat.shop_id AND changed.inventory_item_id = cat.inventory_item_id;
    IN BULK SELECT changed.shop_id FROM changed
$$);
-- A catalog file rewrites a whole run: one look at the run instead of one per article.
SELECT refresh.affects('commerce.catalog_snapshot', 'commerce.variant_kpi_by_variant', $$
    SELECT changed.shop_id, changed.run_id, changed.variant_id FROM changed;
    IN BULK SELECT changed.shop_id, changed.run_id FROM changed
$$);
SELECT refresh.affects('commerce.csv_uploads', 'commerce.variant_kpi_by_variant', 'SELECT changed.shop_id FROM changed');

COMMENT ON VIEW commerce.variant_kpi_by_variant IS
'Figures of each article at the newest order of its shop, recomputed within five minutes of a load. Same columns and rows as commerce.variant_kpi.';

GRANT SELECT ON commerce.variant_kpi_by_variant TO tidemark_app, tidemark_operator;

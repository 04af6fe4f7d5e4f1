-- commerce.article
-- What is known of a variant in a run: from its catalog, else from its variants.
-- grain:    one row per shop, run and variant
-- requires: nothing
-- source:   docs/commerce.md, "Pair bundles"

CREATE OR REPLACE VIEW commerce.article AS
SELECT
    cat.shop_id,
    cat.run_id,
    cat.variant_id,
    cat.product_id,
    coalesce(cat.product_title, cat.variant_title) AS title,
    cat.price
FROM commerce.catalog_snapshot AS cat
UNION ALL
SELECT
    upl.shop_id,
    upl.run_id,
    var.variant_id,
    var.product_id,
    var.variant_title,
    var.price
FROM commerce.variants AS var
INNER JOIN commerce.csv_uploads AS upl ON var.csv_upload_id = upl.id AND var.shop_id = upl.shop_id
WHERE NOT EXISTS (
    SELECT
    FROM commerce.catalog_snapshot AS cat
    WHERE cat.shop_id = upl.shop_id AND cat.run_id = upl.run_id AND cat.variant_id = var.variant_id
);

COMMENT ON VIEW commerce.article IS
'Title and price of each variant of a run. The price of the catalog comes first; prices are in the currency of the shop.';

GRANT SELECT ON commerce.article TO tidemark_app, tidemark_operator;

-- commerce.sku_resolution
-- The one variant that an SKU stands for in a run.
-- grain:    one row per shop, run and SKU that exactly one variant of the run has
-- requires: nothing
-- source:   docs/commerce.md, "Resolved variants"

CREATE OR REPLACE VIEW commerce.sku_resolution AS
SELECT
    upl.shop_id,
    upl.run_id,
    var.sku,
    min(var.variant_id) AS variant_id
FROM commerce.variants AS var
INNER JOIN commerce.csv_uploads AS upl ON var.csv_upload_id = upl.id AND var.shop_id = upl.shop_id
WHERE var.sku IS NOT NULL
GROUP BY upl.shop_id, upl.run_id, var.sku
HAVING count(*) = 1;

COMMENT ON VIEW commerce.sku_resolution IS
'SKUs that identify a variant among those of the run; an SKU two variants share is left out.';

GRANT SELECT ON commerce.sku_resolution TO tidemark_app, tidemark_operator;

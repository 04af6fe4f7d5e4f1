-- commerce.co_purchase_pair
-- Which two articles are bought together, with their titles.
-- grain:    one row per association rule between two variants
-- requires: nothing
-- source:   docs/commerce.md, "Association rules"

CREATE OR REPLACE VIEW commerce.co_purchase_pair AS
SELECT
    upl.shop_id,
    upl.run_id,
    rul.csv_upload_id,
    rul.antecedent[1] AS antecedent_variant_id,
    ant.product_title AS antecedent_title,
    rul.consequent[1] AS consequent_variant_id,
    con.product_title AS consequent_title,
    rul.n_both,
    rul.n_transactions,
    rul.support,
    rul.confidence,
    rul.lift,
    rul.computed_at
FROM commerce.association_rules AS rul
INNER JOIN commerce.csv_uploads AS upl ON rul.csv_upload_id = upl.id
LEFT JOIN commerce.catalog_snapshot AS ant
    ON upl.shop_id = ant.shop_id AND upl.run_id = ant.run_id AND rul.antecedent[1] = ant.variant_id
LEFT JOIN commerce.catalog_snapshot AS con
    ON upl.shop_id = con.shop_id AND upl.run_id = con.run_id AND rul.consequent[1] = con.variant_id
WHERE cardinality(rul.antecedent) = 1 AND cardinality(rul.consequent) = 1;

COMMENT ON VIEW commerce.co_purchase_pair IS
'Rules of size 2. Titles are those of the catalog of the run, NULL where it lacks the variant.';

GRANT SELECT ON commerce.co_purchase_pair TO tidemark_app, tidemark_operator;

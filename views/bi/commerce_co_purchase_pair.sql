-- bi.commerce_co_purchase_pair
-- Which two articles are bought together.
-- grain:    one row per shop, run and ordered pair of variants
-- requires: commerce.co_purchase_pair, access.sees_all(), access.sees()
-- source:   docs/bi.md, "Commerce"

CREATE OR REPLACE VIEW bi.commerce_co_purchase_pair WITH (security_barrier) AS
WITH reader AS MATERIALIZED (  -- a UNION ALL without WITH would lose the barrier, see docs/access.md
    SELECT
        access.sees_all('commerce') AS sees_all,
        access.sees('commerce', 'shop') AS shops
)

SELECT
    par.shop_id,
    par.run_id,
    par.antecedent_variant_id,
    par.antecedent_title,
    par.consequent_variant_id,
    par.consequent_title,
    par.n_both AS both_count,
    par.n_transactions AS multi_item_order_count,
    par.support AS support_ratio,
    par.confidence AS confidence_ratio,
    par.lift,
    par.computed_at
FROM commerce.co_purchase_pair AS par
WHERE (SELECT reader.sees_all FROM reader)
UNION ALL
SELECT
    par.shop_id,
    par.run_id,
    par.antecedent_variant_id,
    par.antecedent_title,
    par.consequent_variant_id,
    par.consequent_title,
    par.n_both,
    par.n_transactions,
    par.support,
    par.confidence,
    par.lift,
    par.computed_at
FROM commerce.co_purchase_pair AS par
WHERE par.shop_id = ANY((SELECT reader.shops FROM reader)::text[]);

COMMENT ON VIEW bi.commerce_co_purchase_pair IS
'Co-purchase pairs, as mined last. Grain: one row per shop, run, antecedent and consequent. Key: these four. Data as of: computed_at.';
COMMENT ON COLUMN bi.commerce_co_purchase_pair.shop_id IS 'Shop, lower case.';
COMMENT ON COLUMN bi.commerce_co_purchase_pair.run_id IS 'Run: the files of one synchronisation of the shop.';
COMMENT ON COLUMN bi.commerce_co_purchase_pair.antecedent_variant_id IS 'Orders with this variant …';
COMMENT ON COLUMN bi.commerce_co_purchase_pair.antecedent_title IS 'Its title in the catalog of the run; NULL: not there.';
COMMENT ON COLUMN bi.commerce_co_purchase_pair.consequent_variant_id IS '… often hold this one too.';
COMMENT ON COLUMN bi.commerce_co_purchase_pair.consequent_title IS 'Its title in the catalog of the run; NULL: not there.';
COMMENT ON COLUMN bi.commerce_co_purchase_pair.both_count IS 'Orders with both.';
COMMENT ON COLUMN bi.commerce_co_purchase_pair.multi_item_order_count IS 'Orders of the run with at least two different items.';
COMMENT ON COLUMN bi.commerce_co_purchase_pair.support_ratio IS 'both_count / multi_item_order_count, 0 to 1.';
COMMENT ON COLUMN bi.commerce_co_purchase_pair.confidence_ratio IS 'Share of the orders with the first that hold the second, 0 to 1.';
COMMENT ON COLUMN bi.commerce_co_purchase_pair.lift IS 'How many times more often than by chance; 1: as by chance.';
COMMENT ON COLUMN bi.commerce_co_purchase_pair.computed_at IS 'When the rules were made (timestamptz).';

GRANT SELECT ON bi.commerce_co_purchase_pair TO tidemark_bi;

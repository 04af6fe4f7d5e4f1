-- commerce.propose_pair_bundles()
-- Makes bundles of two articles out of the association rules of a run, and saves them.
-- requires: commerce.require_run(), commerce.article, commerce.save_bundles()
-- source:   docs/commerce.md, "Pair bundles"

CREATE OR REPLACE FUNCTION commerce.propose_pair_bundles(
    p_shop_id text, p_run_id text, p_limit integer DEFAULT 40, OUT inserted integer, OUT updated integer
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_canonical_id uuid := commerce.require_run(p_shop_id, p_run_id);
    v_bundles jsonb;
BEGIN
    WITH pair AS (
        -- of the two directions the more confident one, on a tie that with the smaller antecedent
        SELECT DISTINCT ON (least(rul.antecedent[1], rul.consequent[1]), greatest(rul.antecedent[1], rul.consequent[1]))
            rul.*
        FROM commerce.association_rules AS rul
        WHERE rul.csv_upload_id = v_canonical_id
            AND cardinality(rul.antecedent) = 1 AND cardinality(rul.consequent) = 1
            -- support 0.05, confidence 0.3 and lift 1.2, tested on the counts
            AND rul.n_both * 20 >= rul.n_transactions
            AND rul.n_both * 10 >= rul.n_antecedent * 3
            AND rul.n_both::numeric * rul.n_transactions * 10 >= rul.n_antecedent::numeric * rul.n_consequent * 12
        ORDER BY
            least(rul.antecedent[1], rul.consequent[1]), greatest(rul.antecedent[1], rul.consequent[1]),
            rul.n_antecedent ASC, rul.antecedent[1] ASC
    ),
    chosen AS (
        SELECT pair.*
        FROM pair
        ORDER BY pair.lift DESC, pair.confidence DESC, pair.antecedent[1] ASC, pair.consequent[1] ASC
        LIMIT p_limit
    ),
    article AS MATERIALIZED (
        SELECT art.*
        FROM commerce.article AS art
        WHERE art.shop_id = p_shop_id AND art.run_id = p_run_id
            AND art.variant_id IN (SELECT unnest(cho.antecedent || cho.consequent) FROM chosen AS cho)
    ),
    priced AS (
        SELECT
            cho.*,
            coalesce(ant.title, cho.antecedent[1]) AS antecedent_title,
            coalesce(con.title, cho.consequent[1]) AS consequent_title,
            jsonb_build_array(
                jsonb_build_object(
                    'variant_id', cho.antecedent[1], 'product_id', ant.product_id, 'name', ant.title, 'price', ant.price
                ),
                jsonb_build_object(
                    'variant_id', cho.consequent[1], 'product_id', con.product_id, 'name', con.title, 'price', con.price
                )
            ) AS products,
            ant.price + con.price AS original_total,
            round((ant.price + con.price) * 0.9, 2) AS bundle_price
        FROM chosen AS cho
        LEFT JOIN article AS ant ON cho.antecedent[1] = ant.variant_id
        LEFT JOIN article AS con ON cho.consequent[1] = con.variant_id
    )
    SELECT jsonb_agg(jsonb_build_object(
        'upload', v_canonical_id,
        'bundle_type', 'FBT',
        'objective', 'increase_aov',
        'products', pri.products,
        'pricing', CASE
            WHEN pri.original_total IS NULL THEN '{}'::jsonb  -- one of the prices is unknown
            ELSE jsonb_build_object(
                'original_total', pri.original_total,
                'bundle_price', pri.bundle_price,
                'discount_amount', pri.original_total - pri.bundle_price,
                'discount_percentage', 10
            )
        END,
        'ai_copy', jsonb_build_object(
            'title', pri.antecedent_title || ' + ' || pri.consequent_title,
            'description', 'Often bought together.'
        ),
        'confidence', pri.confidence,
        'support', pri.support,
        'lift', pri.lift,
        'predicted_lift', pri.lift,
        'ranking_score',
        pri.n_both::numeric * pri.n_both * pri.n_transactions / (pri.n_antecedent::numeric * pri.n_antecedent * pri.n_consequent)
    ))
    INTO v_bundles
    FROM priced AS pri;

    SELECT sav.inserted, sav.updated INTO inserted, updated
    FROM commerce.save_bundles(coalesce(v_bundles, '[]')) AS sav;
END;
$$;

COMMENT ON FUNCTION commerce.propose_pair_bundles IS
'At most p_limit bundles of type FBT from rules with support 5 %, confidence 30 % and lift 1.2 or more, at 10 % off. ranking_score is confidence times lift. Bundles saved before stay. Raises P0002 for a run without orders.';

REVOKE ALL ON FUNCTION commerce.propose_pair_bundles FROM PUBLIC;
GRANT EXECUTE ON FUNCTION commerce.propose_pair_bundles TO tidemark_app, tidemark_operator;

-- commerce.mine_association_rules()
-- Finds which variants are bought together in a run, and replaces its rules.
-- requires: commerce.require_run(), commerce.count_itemsets(), commerce.rule_ratio(), refresh.now()
-- source:   docs/commerce.md, "Association rules"

CREATE OR REPLACE FUNCTION commerce.mine_association_rules(p_shop_id text, p_run_id text, p_max_size integer DEFAULT 3)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET work_mem = '128MB'
AS $$
DECLARE
    v_canonical_id uuid;
    v_transactions bigint;
    v_rules bigint;
BEGIN
    IF p_max_size IS NULL OR p_max_size NOT IN (2, 3) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('rules of %s items are not made', coalesce(p_max_size::text, 'NULL')),
            DETAIL = 'A rule has two or three items.',
            HINT = 'Give 2 or 3 as p_max_size.';
    END IF;
    v_canonical_id := commerce.require_run(p_shop_id, p_run_id);
    PERFORM FROM commerce.csv_uploads AS upl WHERE upl.id = v_canonical_id FOR NO KEY UPDATE;
    v_transactions := commerce.count_itemsets(p_shop_id, p_run_id, p_max_size);

    -- an earlier orders upload of the run may still own rules
    DELETE FROM commerce.association_rules AS rul
    USING commerce.csv_uploads AS upl
    WHERE rul.csv_upload_id = upl.id AND upl.shop_id = p_shop_id AND upl.run_id = p_run_id;

    INSERT INTO commerce.association_rules (
        csv_upload_id, antecedent, consequent, n_transactions, n_antecedent, n_consequent, n_both,
        support, confidence, lift, computed_at
    )
    SELECT
        v_canonical_id,
        side.antecedent,
        side.consequent,
        v_transactions,
        ant.n_both,
        con.n_both,
        whole.n_both,
        commerce.rule_ratio(whole.n_both, v_transactions),
        commerce.rule_ratio(whole.n_both, ant.n_both),
        commerce.rule_ratio(whole.n_both::numeric * v_transactions, ant.n_both::numeric * con.n_both),
        refresh.now()
    FROM pg_temp.itemsets AS whole
    CROSS JOIN LATERAL unnest(whole.items) AS part (item)
    CROSS JOIN LATERAL (
        SELECT ARRAY[part.item] AS antecedent, array_remove(whole.items, part.item) AS consequent
        UNION ALL
        SELECT array_remove(whole.items, part.item), ARRAY[part.item]
        WHERE cardinality(whole.items) = 3  -- with two items this is the first branch of the other item
    ) AS side
    INNER JOIN pg_temp.itemsets AS ant ON side.antecedent = ant.items
    INNER JOIN pg_temp.itemsets AS con ON side.consequent = con.items
    WHERE cardinality(whole.items) >= 2
        AND whole.n_both * 20 >= ant.n_both;
    GET DIAGNOSTICS v_rules = ROW_COUNT;
    RETURN v_rules;
END;
$$;

COMMENT ON FUNCTION commerce.mine_association_rules IS
'Itemsets of at least 2 % of the orders with two or more items, rules of at least 5 % confidence; thresholds are tested on the counts. Returns the number of rules. Raises P0002 for a run without orders, 22023 for another size, 54000 when triples would be too many.';

REVOKE ALL ON FUNCTION commerce.mine_association_rules FROM PUBLIC;
GRANT EXECUTE ON FUNCTION commerce.mine_association_rules TO tidemark_app, tidemark_operator;

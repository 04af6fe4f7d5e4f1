-- trade.psra_rule_tests
-- What the alternatives of rules ask, test by test.
-- grain:    one row per rule, alternative and test
-- requires: nothing
-- source:   docs/trade.md, "Origin alternatives"

CREATE OR REPLACE VIEW trade.psra_rule_tests AS
SELECT
    rul.rule_id,
    alt.place::integer AS alternative_no,
    alt.item ->> 'label' AS alternative_label,
    tst.place::integer AS test_no,
    tst.item ->> 'kind' AS kind,
    tst.item ->> 'level' AS ctc_level,
    (tst.item ->> 'percent')::numeric AS percent,
    tst.item ->> 'basis' AS basis,
    tst.item ->> 'method' AS method,
    ARRAY(SELECT jsonb_array_elements_text(tst.item -> 'hs_scope')) AS hs_scope,
    ARRAY(SELECT jsonb_array_elements_text(tst.item -> 'operations')) AS operations
FROM trade.psra_rules AS rul
CROSS JOIN LATERAL jsonb_array_elements(rul.payload #> '{criteria,origin,alternatives}') WITH ORDINALITY AS alt (item, place)
CROSS JOIN LATERAL jsonb_array_elements(alt.item -> 'tests') WITH ORDINALITY AS tst (item, place);

COMMENT ON VIEW trade.psra_rule_tests IS
'Numbers begin at 1. Alternatives are joined by OR, the tests of one by AND.';

GRANT SELECT ON trade.psra_rule_tests TO tidemark_app, tidemark_operator;

-- commerce.rule_ratio()
-- A ratio of counts as association rules state it.
-- requires: nothing
-- source:   docs/commerce.md, "Association rules"

CREATE OR REPLACE FUNCTION commerce.rule_ratio(numerator numeric, denominator numeric)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN round(numerator / nullif(denominator, 0), 6);

COMMENT ON FUNCTION commerce.rule_ratio IS '6 decimals, halves away from zero; NULL when the denominator is 0.';

-- model_risk.percentage()
-- A share in percent as reports print it.
-- requires: nothing
-- source:   docs/model_risk.md, "How figures are rounded"

CREATE OR REPLACE FUNCTION model_risk.percentage(numerator bigint, denominator bigint)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN denominator = 0 THEN 0.00
    ELSE round(100.0 * numerator / denominator, 2)
END;

COMMENT ON FUNCTION model_risk.percentage IS
'100 times numerator over denominator, rounded half away from zero to two decimals; 0 when the denominator is 0.';

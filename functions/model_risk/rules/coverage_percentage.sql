-- model_risk.coverage_percentage()
-- A coverage in percent, exact ties rounded to the even digit.
-- requires: nothing
-- source:   docs/model_risk.md, "How figures are rounded"

CREATE OR REPLACE FUNCTION model_risk.coverage_percentage(numerator bigint, denominator bigint)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN denominator = 0 THEN 0.00
    ELSE round(100.0 * numerator / denominator, 2)
        -- round() takes a tie up; where that made the last digit odd, the even one is below
        - CASE
            WHEN 20000 * numerator % denominator = 0 AND 20000 * numerator / denominator % 4 = 1 THEN 0.01
            ELSE 0.00
        END
END;

COMMENT ON FUNCTION model_risk.coverage_percentage IS
'100 times numerator over denominator to two decimals, half to even: 29 of 32 is 90.62. 0 when the denominator is 0.';

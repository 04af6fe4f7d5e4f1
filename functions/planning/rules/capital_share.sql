-- planning.capital_share()
-- The capital part of a cost that is split as an assignment plans it.
-- requires: nothing
-- source:   docs/planning_writes.md, "What an actual costs"

-- In whole cents and hundredths of a percent, with the remainder at hand: a quotient of limited digits may make a tie of what is none.
CREATE OR REPLACE FUNCTION planning.capital_share(cost numeric, capital_percentage numeric, expense_percentage numeric)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN capital_percentage + expense_percentage = 0 THEN 0.00
    ELSE round((
        div(cost * 100 * capital_percentage, capital_percentage + expense_percentage)
        + CASE
            WHEN 2 * mod(cost * 100 * capital_percentage, capital_percentage + expense_percentage)
                > capital_percentage + expense_percentage THEN 1
            WHEN 2 * mod(cost * 100 * capital_percentage, capital_percentage + expense_percentage)
                = capital_percentage + expense_percentage
                THEN mod(div(cost * 100 * capital_percentage, capital_percentage + expense_percentage), 2)
            ELSE 0
        END
    ) / 100, 2)
END;

COMMENT ON FUNCTION planning.capital_share IS
'cost x capital / (capital + expense), to the nearest cent, exact ties to the even one; 0 where nothing is planned. Of amounts that are not negative.';

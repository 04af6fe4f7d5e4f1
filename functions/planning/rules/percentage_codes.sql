-- planning.percentage_codes()
-- Says what is wrong with the percentages of a row of labor actuals.
-- requires: planning.number_of_text()
-- source:   docs/planning_writes.md, "Rows"

CREATE OR REPLACE FUNCTION planning.percentage_codes(is_split boolean, percentage text, capital_percentage text, expense_percentage text)
RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_remove(CASE
    WHEN NOT is_split THEN ARRAY[CASE
        WHEN percentage IS NULL THEN 'PERCENTAGE_REQUIRED'
        WHEN planning.number_of_text(percentage) IS NULL THEN 'PERCENTAGE_INVALID'
        WHEN planning.number_of_text(percentage) < 0 THEN 'PERCENTAGE_NEGATIVE'
        WHEN planning.number_of_text(percentage) > 100 THEN 'PERCENTAGE_TOO_LARGE'
    END]
    WHEN capital_percentage IS NULL OR expense_percentage IS NULL THEN ARRAY[
        CASE WHEN capital_percentage IS NULL THEN 'CAPITAL_PERCENTAGE_REQUIRED' END,
        CASE WHEN expense_percentage IS NULL THEN 'EXPENSE_PERCENTAGE_REQUIRED' END
    ]
    WHEN planning.number_of_text(capital_percentage) IS NULL OR planning.number_of_text(expense_percentage) IS NULL THEN ARRAY[
        CASE WHEN planning.number_of_text(capital_percentage) IS NULL THEN 'CAPITAL_PERCENTAGE_INVALID' END,
        CASE WHEN planning.number_of_text(expense_percentage) IS NULL THEN 'EXPENSE_PERCENTAGE_INVALID' END
    ]
    ELSE ARRAY[
        CASE WHEN planning.number_of_text(capital_percentage) < 0 THEN 'CAPITAL_PERCENTAGE_NEGATIVE' END,
        CASE WHEN planning.number_of_text(expense_percentage) < 0 THEN 'EXPENSE_PERCENTAGE_NEGATIVE' END,
        CASE WHEN planning.number_of_text(capital_percentage) > 100 THEN 'CAPITAL_PERCENTAGE_TOO_LARGE' END,
        CASE WHEN planning.number_of_text(expense_percentage) > 100 THEN 'EXPENSE_PERCENTAGE_TOO_LARGE' END,
        CASE WHEN planning.number_of_text(capital_percentage) + planning.number_of_text(expense_percentage) > 100
            THEN 'PERCENTAGE_SUM_TOO_LARGE' END
    ]
END, NULL);

COMMENT ON FUNCTION planning.percentage_codes IS
'All codes that apply, in their order; empty: nothing. is_split: the file has a capital and an expense percentage. NULL: the cell is blank.';

-- planning.amount_code()
-- Says what is wrong with an amount in a row of non-labor actuals.
-- requires: planning.number_of_text()
-- source:   docs/planning_writes.md, "Rows"

CREATE OR REPLACE FUNCTION planning.amount_code(column_name text, cell text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN upper(column_name COLLATE "C") || CASE
    WHEN cell IS NULL THEN '_REQUIRED'
    -- no more than half of what a cost can hold, so that the sum of both is one
    WHEN planning.number_of_text(cell) IS NULL OR abs(planning.number_of_text(cell)) >= 5000000000000 THEN '_INVALID'
    WHEN planning.number_of_text(cell) < 0 THEN '_NEGATIVE'
END;

COMMENT ON FUNCTION planning.amount_code IS
'column_name: capital or expense; NULL: nothing is wrong.';

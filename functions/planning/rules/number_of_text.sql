-- planning.number_of_text()
-- Reads a percentage or an amount as files of imports write it.
-- requires: nothing
-- source:   docs/planning_writes.md, "Cells"

CREATE OR REPLACE FUNCTION planning.number_of_text(cell text)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN length(cell) <= 1000 AND cell ~ '^[+-]?([0-9]+(\.[0-9]{0,2})?|\.[0-9]{1,2})$' THEN cell::numeric
END;

COMMENT ON FUNCTION planning.number_of_text IS
'Optional sign, digits, at most two decimals; NULL for anything else: exponents, NaN, Infinity, thousands marks.';

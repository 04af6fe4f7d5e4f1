-- load_internal.number_cell()
-- A cell of type number: an amount that is not rounded yet.
-- requires: load_internal.exact_number()
-- source:   docs/loading.md, "Cells"

CREATE OR REPLACE FUNCTION load_internal.number_cell(cell text)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN abs(round(load_internal.exact_number(cell), 2)) < 1000000000000 THEN load_internal.exact_number(cell) END;

COMMENT ON FUNCTION load_internal.number_cell IS
'The exact number; NULL for a blank cell, for what is no number, and when it reaches 10^12 after rounding to 2 decimals.';

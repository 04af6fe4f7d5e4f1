-- load_internal.integer_cell()
-- A cell of type int.
-- requires: load_internal.exact_number()
-- source:   docs/loading.md, "Cells"

CREATE OR REPLACE FUNCTION load_internal.integer_cell(cell text)
RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN load_internal.exact_number(cell) BETWEEN -2147483648 AND 2147483647
        AND load_internal.exact_number(cell) = trunc(load_internal.exact_number(cell))
        THEN load_internal.exact_number(cell)::integer
END;

COMMENT ON FUNCTION load_internal.integer_cell IS
'A whole number in any accepted spelling (2, 2.0, 2e0); NULL for a blank cell, a fraction, or out of the range of integer.';

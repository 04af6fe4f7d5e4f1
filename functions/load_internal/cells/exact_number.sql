-- load_internal.exact_number()
-- What a cell says as a number, however large.
-- requires: load_internal.word_cell()
-- source:   docs/loading.md, "Cells"

CREATE OR REPLACE FUNCTION load_internal.exact_number(cell text)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    -- the length keeps every accepted text inside what numeric can hold, so the cast never fails
    WHEN length(load_internal.word_cell(cell)) <= 1000
        AND load_internal.word_cell(cell) ~ '^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,4})?$'
        THEN load_internal.word_cell(cell)::numeric
END;

COMMENT ON FUNCTION load_internal.exact_number IS
'Optional sign, ASCII digits with optional point, optional exponent of one to four digits; NULL for a blank cell and anything else.';

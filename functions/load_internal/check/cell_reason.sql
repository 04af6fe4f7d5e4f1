-- load_internal.cell_reason()
-- Why a cell cannot be read as its type.
-- requires: load_internal.is_blank(), load_internal.key_text(), load_internal.exact_number(), load_internal.integer_cell(), load_internal.number_cell()
-- requires: load_internal.boolean_cell(), load_internal.timestamp_cell()
-- source:   docs/loading.md, "Cells"

CREATE OR REPLACE FUNCTION load_internal.cell_reason(cell_type text, cell text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN cell_type = 'id' THEN CASE WHEN length(load_internal.key_text(cell)) > 255 THEN 'too_long' END
    WHEN cell_type IN ('text', 'raw') OR load_internal.is_blank(cell_type, cell) THEN NULL
    WHEN cell_type = 'ts' THEN CASE WHEN load_internal.timestamp_cell(cell) IS NULL THEN 'bad_datetime' END
    WHEN cell_type = 'bool' THEN CASE WHEN load_internal.boolean_cell(cell) IS NULL THEN 'bad_boolean' END
    -- digits without end are a number all the same
    WHEN load_internal.exact_number(cell) IS NULL THEN CASE
        WHEN length(load_internal.word_cell(cell)) > 1000 AND load_internal.word_cell(cell) ~ '^[+-]?[0-9]+$' THEN 'out_of_range'
        ELSE 'bad_number'
    END
    WHEN cell_type = 'int' THEN CASE
        WHEN load_internal.exact_number(cell) <> trunc(load_internal.exact_number(cell)) THEN 'bad_integer'
        WHEN load_internal.integer_cell(cell) IS NULL THEN 'out_of_range'
    END
    WHEN load_internal.number_cell(cell) IS NULL THEN 'out_of_range'
END;

COMMENT ON FUNCTION load_internal.cell_reason IS
'too_long, bad_number, bad_integer, bad_datetime, bad_boolean or out_of_range; NULL when the cell is blank or can be read.';

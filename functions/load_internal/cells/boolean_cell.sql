-- load_internal.boolean_cell()
-- A cell of type bool.
-- requires: load_internal.word_cell()
-- source:   docs/loading.md, "Cells"

CREATE OR REPLACE FUNCTION load_internal.boolean_cell(cell text)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE lower(load_internal.word_cell(cell) COLLATE "C")
    WHEN 'true' THEN TRUE
    WHEN 't' THEN TRUE
    WHEN 'yes' THEN TRUE
    WHEN 'y' THEN TRUE
    WHEN '1' THEN TRUE
    WHEN 'false' THEN FALSE
    WHEN 'f' THEN FALSE
    WHEN 'no' THEN FALSE
    WHEN 'n' THEN FALSE
    WHEN '0' THEN FALSE
END;

COMMENT ON FUNCTION load_internal.boolean_cell IS
'true, t, yes, y, 1 and false, f, no, n, 0 in any case; NULL for a blank cell and anything else.';

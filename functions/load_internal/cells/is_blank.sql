-- load_internal.is_blank()
-- Whether a cell says nothing, by the type of its column.
-- requires: load_internal.plain_text(), load_internal.key_text(), load_internal.text_cell(), load_internal.word_cell()
-- source:   docs/loading.md, "Cells"

CREATE OR REPLACE FUNCTION load_internal.is_blank(cell_type text, cell text)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN cell_type = 'raw' THEN coalesce(load_internal.plain_text(cell), '') = ''
    WHEN cell_type = 'text' THEN load_internal.text_cell(cell) IS NULL
    WHEN cell_type = 'id' THEN load_internal.key_text(cell) IS NULL
    -- dates that other systems write for "none"
    WHEN cell_type = 'ts' AND load_internal.word_cell(cell) IN ('0000-00-00', '0000-00-00 00:00:00', '1900-01-01') THEN TRUE
    ELSE load_internal.word_cell(cell) IS NULL
END;

COMMENT ON FUNCTION load_internal.is_blank IS
'True for a cell that counts as absent: never an error by itself.';

-- load_internal.word_cell()
-- The text of a cell that holds no free text: number, truth value or time.
-- requires: load_internal.plain_text()
-- source:   docs/loading.md, "Cells"

CREATE OR REPLACE FUNCTION load_internal.word_cell(cell text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN lower(load_internal.plain_text(cell) COLLATE "C") IN ('', 'null', 'none', 'n/a', 'nan') THEN NULL
    ELSE load_internal.plain_text(cell)
END;

COMMENT ON FUNCTION load_internal.word_cell IS
'The trimmed cell without marks of text; NULL when it is blank: empty, or in any case null, none, n/a, nan.';

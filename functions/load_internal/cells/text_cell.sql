-- load_internal.text_cell()
-- A cell of type text.
-- requires: load_internal.plain_text()
-- source:   docs/loading.md, "Cells"

CREATE OR REPLACE FUNCTION load_internal.text_cell(cell text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN nullif(nullif(nullif(load_internal.plain_text(cell), ''), 'NULL'), 'null');

COMMENT ON FUNCTION load_internal.text_cell IS
'The trimmed cell without marks of text; NULL when it is blank: empty, NULL or null in exactly these spellings.';

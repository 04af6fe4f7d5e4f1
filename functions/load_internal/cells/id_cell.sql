-- load_internal.id_cell()
-- A cell of type id: a text that serves as a key.
-- requires: load_internal.text_cell()
-- source:   docs/loading.md, "Cells"

CREATE OR REPLACE FUNCTION load_internal.id_cell(cell text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN length(load_internal.text_cell(cell)) <= 255 THEN load_internal.text_cell(cell) END;

COMMENT ON FUNCTION load_internal.id_cell IS
'As load_internal.text_cell(); NULL as well when longer than 255 characters.';

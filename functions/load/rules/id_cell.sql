-- load.id_cell()
-- A cell of type id: a text that serves as a key.
-- requires: load.text_cell()
-- source:   docs/loading.md, "Cells"

CREATE OR REPLACE FUNCTION load.id_cell(cell text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN length(load.text_cell(cell)) <= 255 THEN load.text_cell(cell) END;

COMMENT ON FUNCTION load.id_cell IS
'As load.text_cell(); NULL as well when longer than 255 characters.';

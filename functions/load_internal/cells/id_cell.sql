-- load_internal.id_cell()
-- A cell of type id: a text that serves as a key.
-- requires: load_internal.key_text()
-- source:   docs/loading.md, "Cells"

CREATE OR REPLACE FUNCTION load_internal.id_cell(cell text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN length(load_internal.key_text(cell)) <= 255 THEN load_internal.key_text(cell) END;

COMMENT ON FUNCTION load_internal.id_cell IS
'As load_internal.key_text(); NULL as well when longer than 255 characters.';

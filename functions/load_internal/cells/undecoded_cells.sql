-- load_internal.undecoded_cells()
-- Which cells of a staged record have bytes that could not be read.
-- requires: nothing
-- source:   docs/loading.md, "Files that are not plain CSV"

CREATE OR REPLACE FUNCTION load_internal.undecoded_cells(flaw text, flaw_value text)
RETURNS integer[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
-- the client writes it in place of the value of a flaw where there is none
RETURN CASE WHEN flaw IS NULL AND flaw_value IS NOT NULL THEN flaw_value::integer[] END;

COMMENT ON FUNCTION load_internal.undecoded_cells IS
'Numbers of the cells, from 1; NULL: none.';

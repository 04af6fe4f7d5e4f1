-- load_internal.money_cell()
-- A cell of type money.
-- requires: load_internal.number_cell()
-- source:   docs/loading.md, "Cells"

CREATE OR REPLACE FUNCTION load_internal.money_cell(cell text)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN round(load_internal.number_cell(cell), 2);

COMMENT ON FUNCTION load_internal.money_cell IS
'As load_internal.number_cell(), rounded to 2 decimals, half away from zero.';

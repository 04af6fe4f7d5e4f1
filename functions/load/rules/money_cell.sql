-- load.money_cell()
-- A cell of type money.
-- requires: load.number_cell()
-- source:   docs/loading.md, "Cells"

CREATE OR REPLACE FUNCTION load.money_cell(cell text)
RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN round(load.number_cell(cell), 2);

COMMENT ON FUNCTION load.money_cell IS
'As load.number_cell(), rounded to 2 decimals, half away from zero.';

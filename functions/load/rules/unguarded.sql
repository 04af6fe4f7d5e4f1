-- load.unguarded()
-- A cell of an exported file of rejects as it was before the export.
-- requires: nothing
-- source:   docs/loading.md, "Rejected rows"

CREATE OR REPLACE FUNCTION load.unguarded(cell text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN cell ~ '^''+\s*[-=+@\t\r]' THEN substr(cell, 2) ELSE cell END;

COMMENT ON FUNCTION load.unguarded IS
'Without the apostrophe that keeps spreadsheets from running a cell as a formula.';

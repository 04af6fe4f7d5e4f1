-- load.unguarded()
-- A cell of an exported file of rejects as it was before the export.
-- requires: load_internal.looks_like_formula()
-- source:   docs/loading.md, "Rejected rows"

CREATE OR REPLACE FUNCTION load.unguarded(cell text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN cell LIKE '''%' AND load_internal.looks_like_formula(cell) THEN substr(cell, 2) ELSE cell END;

COMMENT ON FUNCTION load.unguarded IS
'Without the apostrophe that load.guarded() put in front.';

-- load.guarded()
-- A cell as it is written into a file of rejects.
-- requires: load_internal.looks_like_formula(), load_internal.exact_number()
-- source:   docs/loading.md, "Rejected rows"

CREATE OR REPLACE FUNCTION load.guarded(cell text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN load_internal.looks_like_formula(cell) AND load_internal.exact_number(cell) IS NULL THEN '''' || cell
    ELSE cell
END;

COMMENT ON FUNCTION load.guarded IS
'An apostrophe in front of what a spreadsheet would run as a formula; numbers stay as they are. load.unguarded() undoes it exactly.';

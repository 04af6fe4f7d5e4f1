-- load_internal.pointed()
-- SQL text: the cell of a number with a decimal point, in a file whose numbers have a decimal comma.
-- requires: nothing
-- source:   docs/loading.md, "Files that are not plain CSV"

CREATE OR REPLACE FUNCTION load_internal.pointed(cell_type text, cell text, decimal_mark text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN CASE
    -- points and commas change places: 12,50 is read, and 1.250 is no number
    WHEN decimal_mark = ',' AND cell_type IN ('int', 'money', 'number') THEN format('translate(%s, '',.'', ''.,'')', cell)
    ELSE cell
END;

COMMENT ON FUNCTION load_internal.pointed IS
'cell: SQL text of the cell; as it is unless the column is a number and decimal_mark the comma.';

REVOKE ALL ON FUNCTION load_internal.pointed FROM PUBLIC;

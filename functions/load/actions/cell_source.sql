-- load.cell_source()
-- SQL text: the cell of a column in a staged record s.
-- requires: load.is_blank()
-- source:   docs/loading.md, "Headers"

CREATE OR REPLACE FUNCTION load.cell_source(cell_type text, places integer[])
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN CASE
    WHEN places IS NULL THEN 'NULL::text'
    WHEN cardinality(places) = 1 THEN format('s.c%s', places[1])
    ELSE (
        -- of several headers the left-most cell that is not blank counts
        SELECT
            'CASE ' || string_agg(format('WHEN NOT load.is_blank(%L, s.c%s) THEN s.c%s', cell_type, pla.n, pla.n), ' ' ORDER BY pla.n)
            || format(' ELSE s.c%s END', places[1])
        FROM unnest(places) AS pla (n)
    )
END;

COMMENT ON FUNCTION load.cell_source IS
'places: numbers of the headers of the column; NULL: the file has none.';

REVOKE ALL ON FUNCTION load.cell_source FROM PUBLIC;

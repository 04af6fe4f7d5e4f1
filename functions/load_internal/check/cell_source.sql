-- load_internal.cell_source()
-- SQL text: the cell of a column in a staged record s.
-- requires: load_internal.is_blank(), load.unguarded()
-- source:   docs/loading.md, "Headers"

CREATE OR REPLACE FUNCTION load_internal.cell_source(cell_type text, places integer[], is_export boolean)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN CASE
    WHEN places IS NULL THEN 'NULL::text'
    WHEN cardinality(places) = 1 THEN format(CASE WHEN is_export THEN 'load.unguarded(s.c%s)' ELSE 's.c%s' END, places[1])
    ELSE (
        -- of several headers the left-most cell that is not blank counts
        SELECT
            'CASE ' || string_agg(format('WHEN NOT load_internal.is_blank(%L, s.c%s) THEN %s', cell_type, pla.n, pla.cell), ' ' ORDER BY pla.n)
            || format(' ELSE s.c%s END', places[1])
        FROM (
            SELECT
                num.n,
                format(CASE WHEN is_export THEN 'load.unguarded(s.c%s)' ELSE 's.c%s' END, num.n) AS cell
            FROM unnest(places) AS num (n)
        ) AS pla
    )
END;

COMMENT ON FUNCTION load_internal.cell_source IS
'places: numbers of the headers of the column; NULL: the file has none. is_export: the file is an export of rejects.';

REVOKE ALL ON FUNCTION load_internal.cell_source FROM PUBLIC;

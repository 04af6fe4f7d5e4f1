-- load_internal.header_matches()
-- Under which headers of a file the columns of a dataset are found.
-- requires: load_internal.folded(), load_internal.visible()
-- source:   docs/loading.md, "Headers"

CREATE OR REPLACE FUNCTION load_internal.header_matches(p_dataset text, p_header text[])
RETURNS TABLE (column_name text, column_no integer, cell_type text, places integer[])
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH wanted AS (
        SELECT
            col.column_name,
            col.column_no,
            col.cell_type,
            nam.rank,
            CASE WHEN dat.header_match = 'folded' THEN load_internal.folded(nam.name) ELSE nam.name END AS name
        FROM load.datasets AS dat
        INNER JOIN load.dataset_columns AS col ON dat.dataset_name = col.dataset_name
        CROSS JOIN LATERAL (
            SELECT 1 AS rank, fst.name FROM unnest(col.header_names) AS fst (name)
            UNION ALL
            SELECT 2 AS rank, fbk.name FROM unnest(col.fallback_names) AS fbk (name)
        ) AS nam
        WHERE dat.dataset_name = p_dataset
    ),

    found AS (
        SELECT
            hea.place::integer AS place,
            CASE WHEN dat.header_match = 'folded' THEN load_internal.folded(hea.name) ELSE load_internal.visible(hea.name) END AS name
        FROM load.datasets AS dat
        CROSS JOIN unnest(p_header) WITH ORDINALITY AS hea (name, place)
        WHERE dat.dataset_name = p_dataset
    ),

    ranked AS (
        SELECT
            wan.column_name,
            wan.column_no,
            wan.cell_type,
            wan.rank,
            array_agg(DISTINCT fou.place ORDER BY fou.place) AS places
        FROM wanted AS wan
        INNER JOIN found AS fou ON wan.name = fou.name
        WHERE fou.name <> ''
        GROUP BY wan.column_name, wan.column_no, wan.cell_type, wan.rank
    )

    -- a fallback name counts only if no header has a name of first rank
    SELECT DISTINCT ON (ran.column_no)
        ran.column_name,
        ran.column_no,
        ran.cell_type,
        ran.places
    FROM ranked AS ran
    ORDER BY ran.column_no, ran.rank;
END;

COMMENT ON FUNCTION load_internal.header_matches IS
'One row per column that the header has; places: numbers of its headers from left to right, from 1.';

REVOKE ALL ON FUNCTION load_internal.header_matches FROM PUBLIC;

-- load_internal.missing_columns()
-- Which required columns a header lacks.
-- requires: load_internal.header_matches()
-- source:   docs/loading.md, "Headers"

CREATE OR REPLACE FUNCTION load_internal.missing_columns(p_dataset text, p_header text[])
RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT string_agg(lac.required_group, ';' ORDER BY lac.required_group COLLATE "C")
    FROM (
        SELECT col.required_group
        FROM load.dataset_columns AS col
        LEFT JOIN load_internal.header_matches(p_dataset, p_header) AS mat ON col.column_name = mat.column_name
        WHERE col.dataset_name = p_dataset AND col.required_group IS NOT NULL
        GROUP BY col.required_group
        HAVING count(mat.column_name) = 0
    ) AS lac;
END;

COMMENT ON FUNCTION load_internal.missing_columns IS
'Their names in byte order, joined with semicolons; NULL when all are there.';

REVOKE ALL ON FUNCTION load_internal.missing_columns FROM PUBLIC;

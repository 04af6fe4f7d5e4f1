-- load_internal.detect_dataset()
-- Tells the kind of a file by its header.
-- requires: load_internal.missing_columns()
-- source:   docs/loading.md, "Kinds of file"

CREATE OR REPLACE FUNCTION load_internal.detect_dataset(p_family text, p_header text[])
RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT dat.dataset_name
    FROM load.datasets AS dat
    WHERE dat.family_name = p_family
        AND dat.detect_position IS NOT NULL
        AND load_internal.missing_columns(dat.dataset_name, p_header) IS NULL
    ORDER BY dat.detect_position
    LIMIT 1;
END;

COMMENT ON FUNCTION load_internal.detect_dataset IS
'The first dataset of the family, by detect_position, whose required columns are all there; NULL: none.';

REVOKE ALL ON FUNCTION load_internal.detect_dataset FROM PUBLIC;

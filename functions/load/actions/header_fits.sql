-- load.header_fits()
-- Whether a header is one that the file of an upload may have.
-- requires: load_internal.require_mine(), load_internal.missing_columns(), load_internal.header_matches()
-- source:   docs/loading.md, "Headers"

CREATE OR REPLACE FUNCTION load.header_fits(p_upload_id bigint, p_header text[])
RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT load_internal.require_mine(p_upload_id);
    SELECT CASE
        WHEN bool_or(fit.is_right) THEN TRUE
        WHEN bool_or(fit.is_right IS NULL) THEN NULL
        ELSE FALSE
    END
    FROM (
        SELECT CASE
            WHEN EXISTS (SELECT FROM load.dataset_columns AS col WHERE col.dataset_name = dat.dataset_name) THEN
                load_internal.missing_columns(dat.dataset_name, p_header) IS NULL
                AND EXISTS (SELECT FROM load_internal.header_matches(dat.dataset_name, p_header) AS mat)
        END AS is_right
        FROM load.uploads AS upl
        INNER JOIN load.datasets AS dat
            ON upl.dataset_name = dat.dataset_name
            OR (upl.dataset_name IS NULL AND upl.family_name = dat.family_name AND dat.detect_position IS NOT NULL)
        WHERE upl.upload_id = p_upload_id
    ) AS fit;
END;

COMMENT ON FUNCTION load.header_fits IS
'True when it has all required columns of the dataset, or of one of the family while the kind is not known, and at least one column at all. NULL: the domain reads headers itself.';

REVOKE ALL ON FUNCTION load.header_fits FROM PUBLIC;
GRANT EXECUTE ON FUNCTION load.header_fits TO tidemark_loader, tidemark_operator;

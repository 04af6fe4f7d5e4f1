-- load.reading_rules()
-- How the file of an upload is to be read.
-- requires: load_internal.require_mine()
-- source:   docs/loading.md, "The life of an upload"

CREATE OR REPLACE FUNCTION load.reading_rules(p_upload_id bigint)
RETURNS TABLE (
    max_bytes bigint,
    max_record_bytes bigint,
    encoding text,
    skipped_records text,
    surplus_cells text,
    given_encoding text,
    delimiter text,
    missing_cells text
)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT load_internal.require_mine(p_upload_id);
    -- while the kind is not known, the first that could be detected speaks for its family
    SELECT
        dat.max_bytes,
        dat.max_record_bytes,
        dat.encoding,
        dat.skipped_records,
        dat.surplus_cells,
        nullif(btrim(upl.given_parameters ->> 'encoding'), '') AS given_encoding,
        nullif(upl.given_parameters ->> 'delimiter', '') AS delimiter,
        dat.missing_cells
    FROM load.uploads AS upl
    INNER JOIN load.datasets AS dat
        ON upl.dataset_name = dat.dataset_name OR (upl.dataset_name IS NULL AND upl.family_name = dat.family_name)
    WHERE upl.upload_id = p_upload_id
    ORDER BY dat.detect_position NULLS LAST
    LIMIT 1;
END;

COMMENT ON FUNCTION load.reading_rules IS
'The columns of load.datasets that concern reading, and what the caller says of the file; one row.';

REVOKE ALL ON FUNCTION load.reading_rules FROM PUBLIC;
GRANT EXECUTE ON FUNCTION load.reading_rules TO tidemark_loader, tidemark_operator;

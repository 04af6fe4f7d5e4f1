-- load.issue
-- What was found wrong with the rows of each upload.
-- grain:    one row per issue
-- requires: load_internal.is_mine()
-- source:   docs/loading.md, "Rejected rows"

CREATE OR REPLACE VIEW load.issue WITH (security_barrier) AS
SELECT
    iss.upload_id,
    iss.row_no,
    iss.severity,
    iss.reason,
    iss.column_name,
    iss.raw_value,
    iss.message
FROM load.issues AS iss
INNER JOIN load.uploads AS upl ON iss.upload_id = upl.upload_id
WHERE load_internal.is_mine(upl.started_by);

COMMENT ON VIEW load.issue IS
'One row per issue of the caller''s uploads, for operators of all; a row of a file may have several. row_no 1 is the first record after the header.';

GRANT SELECT ON load.issue TO tidemark_loader, tidemark_operator;

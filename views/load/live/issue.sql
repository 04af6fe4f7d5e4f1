-- load.issue
-- What was found wrong with the rows of each upload.
-- grain:    one row per issue
-- requires: nothing
-- source:   docs/loading.md, "Rejected rows"

CREATE OR REPLACE VIEW load.issue AS
SELECT
    iss.upload_id,
    iss.row_no,
    iss.severity,
    iss.reason,
    iss.column_name,
    iss.raw_value,
    iss.message
FROM load.issues AS iss;

COMMENT ON VIEW load.issue IS
'One row per issue; a row of a file may have several. row_no 1 is the first record after the header.';

GRANT SELECT ON load.issue TO tidemark_loader, tidemark_operator;

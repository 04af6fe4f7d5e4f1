-- commerce.ingest_issues
-- What was wrong with the records of each upload.
-- grain:    one row per issue; a record may have several
-- requires: nothing
-- source:   docs/commerce.md, "Issues and counters"

CREATE OR REPLACE VIEW commerce.ingest_issues AS
SELECT
    upl.id AS csv_upload_id,
    iss.row_no::integer AS row_no,
    iss.severity,
    iss.reason,
    iss.column_name,
    iss.raw_value
FROM commerce.csv_uploads AS upl
INNER JOIN load.issues AS iss ON upl.load_upload_id = iss.upload_id
-- texts are kept with U+FFFD for what could not be read, as shops were promised; the loader tells of it
WHERE iss.reason <> 'bad_encoding' OR iss.severity = 'reject';

COMMENT ON VIEW commerce.ingest_issues IS
'The issues that the loader keeps, by upload; those of failed uploads too. reject: the row was not loaded; warn: it was, perhaps with an empty cell. Texts with characters that could not be read are told in load.issue only.';
COMMENT ON COLUMN commerce.ingest_issues.row_no IS
'Number of the record: 1 is the first after the header, records of empty cells have none.';
COMMENT ON COLUMN commerce.ingest_issues.column_name IS 'Canonical column; empty: the row as a whole.';
COMMENT ON COLUMN commerce.ingest_issues.raw_value IS
'The cell as read, not trimmed, its first 200 characters without NUL; empty: there is none.';

GRANT SELECT ON commerce.ingest_issues TO tidemark_app, tidemark_operator;

-- load.rejected_record
-- The records that were not loaded, with their reasons.
-- grain:    one row per rejected record of an upload
-- requires: load_internal.is_mine()
-- source:   docs/loading.md, "Rejected rows"

CREATE OR REPLACE VIEW load.rejected_record WITH (security_barrier) AS
SELECT
    rec.upload_id,
    rec.row_no,
    rec.cells,
    (
        SELECT string_agg(
            concat_ws(' ', nullif(iss.column_name, ''), coalesce(iss.message, iss.reason)), '; '
            ORDER BY iss.column_name, iss.reason
        )
        FROM load.issues AS iss
        WHERE iss.upload_id = rec.upload_id AND iss.row_no = rec.row_no AND iss.severity = 'reject'
    ) AS reasons
FROM load.rejected_records AS rec
INNER JOIN load.uploads AS upl ON rec.upload_id = upl.upload_id
WHERE load_internal.is_mine(upl.started_by);

COMMENT ON VIEW load.rejected_record IS
'One row per rejected record of the caller''s uploads, for operators of all, key (upload_id, row_no). cells: as read, in the order of the header of the upload.';

GRANT SELECT ON load.rejected_record TO tidemark_loader, tidemark_operator;

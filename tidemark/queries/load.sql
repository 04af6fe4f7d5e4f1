-- name: load_open_upload
-- Registers a file that is about to be loaded; gives its number.
SELECT load.open_upload(%(dataset)s, %(file_name)s, %(parameters)s::jsonb, %(is_dry_run)s);

-- name: load_claim_upload
-- True when no other session works on the upload.
SELECT load.claim_upload(%(upload_id)s);

-- name: load_reading_rules
-- How the file of an upload is to be read.
SELECT
    rul.max_bytes,
    rul.max_record_bytes,
    rul.encoding,
    rul.skipped_records,
    rul.surplus_cells,
    rul.missing_cells,
    rul.given_encoding,
    rul.delimiter
FROM load.reading_rules(%(upload_id)s) AS rul;

-- name: load_header_fits
-- Whether a header is one that the file of an upload may have; NULL: its domain reads the header itself.
SELECT load.header_fits(%(upload_id)s, %(header)s);

-- name: load_note_reading
-- How the file of an upload is read, and what was seen in it.
SELECT load.note_reading(%(upload_id)s, %(reading)s::jsonb);

-- name: load_begin_staging
-- Makes the staging table of an upload.
SELECT load.begin_staging(%(upload_id)s, %(header)s);

-- name: load_copy_statement
-- The COPY for chunks of one form.
SELECT load.copy_statement(%(upload_id)s, %(columns)s, %(form)s);

-- name: load_number_from
-- The number that the next record of a plain chunk gets.
SELECT load.number_from(%(upload_id)s, %(number)s);

-- name: load_note_staged
-- How far the file of an upload is staged.
SELECT load.note_staged(%(upload_id)s, %(bytes)s, %(rows)s, %(digest)s, %(is_all)s);

-- name: load_note_phase
-- How long a phase took.
SELECT load.note_phase(%(upload_id)s, %(phase)s, %(milliseconds)s, %(rows)s);

-- name: load_give_up
-- Ends an upload whose file cannot be read.
SELECT load.give_up(%(upload_id)s, %(code)s, %(detail)s, %(message)s);

-- name: load_finish_upload
-- Checks and merges a staged file; gives the status.
SELECT load.finish_upload(%(upload_id)s, %(again)s);

-- name: load_upload
-- One upload.
SELECT * FROM load.upload WHERE upload_id = %(upload_id)s;

-- name: load_unfinished
-- Uploads of the same kind that an earlier run may have left behind, newest first.
SELECT upl.*
FROM load.upload AS upl
WHERE upl.load_status IN ('staging', 'staged')
    AND upl.staged_bytes > 0
    AND (upl.dataset_name = %(dataset)s OR upl.family_name = %(dataset)s)
    AND upl.given_parameters = %(parameters)s::jsonb
    AND upl.is_dry_run = %(is_dry_run)s
ORDER BY upl.upload_id DESC;

-- name: load_same_size
-- A finished load of a file of this size, the newest; its content may be the same.
SELECT upl.*
FROM load.upload AS upl
WHERE upl.load_status = 'loaded'
    AND upl.staged_bytes = %(bytes)s
    AND (upl.dataset_name = %(dataset)s OR upl.family_name = %(dataset)s)
    AND upl.given_parameters = %(parameters)s::jsonb
ORDER BY upl.upload_id DESC
LIMIT 1;

-- name: load_uploads
-- The latest uploads, newest first.
SELECT
    upl.upload_id,
    upl.dataset_name,
    upl.file_name,
    upl.load_status,
    upl.error_code,
    upl.total_rows,
    upl.processed_rows,
    upl.rejected_rows,
    upl.superseded_rows,
    upl.started_at
FROM load.upload AS upl
ORDER BY upl.upload_id DESC
LIMIT %(count)s;

-- name: load_issues
-- What was found wrong with the rows of an upload, in file order.
SELECT
    iss.row_no,
    iss.severity,
    iss.reason,
    iss.column_name,
    iss.raw_value,
    iss.message
FROM load.issue AS iss
WHERE iss.upload_id = %(upload_id)s
ORDER BY iss.row_no, iss.column_name, iss.reason;

-- name: load_rejected_records
-- The records of an upload that were not loaded, in file order.
SELECT
    rec.row_no,
    rec.cells,
    rec.reasons
FROM load.rejected_record AS rec
WHERE rec.upload_id = %(upload_id)s
ORDER BY rec.row_no;

-- name: load_rejects_file
-- The lines of a file of rejects, its header first.
SELECT
    lin.line_no,
    lin.cells
FROM load.rejects_file(%(upload_id)s) AS lin
ORDER BY lin.line_no;

-- name: load_datasets
-- What can be loaded, one row a column.
SELECT * FROM load.dataset ORDER BY dataset_name, column_no;

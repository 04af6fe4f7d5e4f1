-- Undo 0025_load_internal: how each file was read is forgotten.

ALTER TABLE load.datasets DROP COLUMN all_rejected;
ALTER TABLE load.uploads DROP COLUMN reading;
DROP SCHEMA load_internal;
COMMENT ON COLUMN load.uploads.started_by IS NULL;
COMMENT ON COLUMN load.datasets.needs_rows IS
'True: a file without records fails (empty_file), and so does one whose records are all rejected (all_rows_rejected).';

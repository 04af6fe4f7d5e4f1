-- Undo 0042_refresh_source_storage.

DROP TABLE refresh.crash_mark;
ALTER TABLE refresh.captured_sources DROP COLUMN storage_files, DROP COLUMN storage_columns, DROP COLUMN crash_mark;

-- Undo 0047_refresh_bulk.

ALTER TABLE refresh.view_sources DROP COLUMN bulk_columns, DROP COLUMN parts;

-- Undo 0011_load: uploads, their issues and every staging table.

DROP SCHEMA load_data CASCADE;
DROP TABLE load.phases;
DROP TABLE load.outcomes;
DROP TABLE load.rejected_records;
DROP TABLE load.issues;
DROP TABLE load.uploads;
DROP TABLE load.dataset_columns;
DROP TABLE load.datasets;
DROP TABLE load.parameters;
DROP TABLE load.families;
REVOKE USAGE ON SCHEMA load FROM tidemark_loader;

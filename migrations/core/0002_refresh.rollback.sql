-- Undo 0002_refresh. Stored views are dropped first (refresh.drop_view), or the schema is not empty and this stops.

DROP TYPE refresh.run_outcome;
DROP TABLE refresh.retired_storage;
DROP TABLE refresh.breaches;
DROP TABLE refresh.runs;
DROP TABLE refresh.key_locks;
DROP TABLE refresh.view_sources;
DROP TABLE refresh.captured_sources;
DROP TABLE refresh.declared_mappings;
DROP TABLE refresh.view_state;
DROP TABLE refresh.stored_views;
DROP SCHEMA refresh_data;

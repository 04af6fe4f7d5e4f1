-- A due column is believed again, whatever the clock decides beside it.

ALTER TABLE refresh.stored_views DROP COLUMN appears, DROP COLUMN appears_type, DROP COLUMN clock_gap;

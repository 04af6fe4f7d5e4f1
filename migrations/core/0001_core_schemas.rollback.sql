-- Undo 0001_core_schemas. Never CASCADE: a schema that still holds something stops the rollback.

DROP SCHEMA bi;
DROP SCHEMA ops;
DROP SCHEMA audit;
DROP SCHEMA jobs;
DROP SCHEMA access;
DROP SCHEMA load;
DROP SCHEMA refresh;

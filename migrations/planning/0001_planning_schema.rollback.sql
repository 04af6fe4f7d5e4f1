-- Undo 0001_planning_schema.

DROP TYPE planning.uuid_range;
DROP SCHEMA planning;

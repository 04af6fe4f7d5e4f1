-- Undo 0007_planning_access_answers.

DROP INDEX audit.ix_audit_logs_entity;
DROP TABLE planning.access_answers_computed;
DROP TABLE planning.access_answers_stored;

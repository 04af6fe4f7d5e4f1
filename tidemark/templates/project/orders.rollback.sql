-- Undo {{migration}}. Never CASCADE: a schema that still holds something stops the rollback.

DROP TABLE {{schema}}.orders;
DROP SCHEMA {{schema}};

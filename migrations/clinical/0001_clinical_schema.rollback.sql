-- Undo 0001_clinical_schema.

DROP SCHEMA clinical;

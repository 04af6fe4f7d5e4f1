-- Undo 0003_clinical_structure.

DROP TABLE clinical.text_elements;
DROP TABLE clinical.reporting_efforts;
DROP TABLE clinical.database_releases;
DROP TABLE clinical.studies;

-- Undo 0002_clinical_people.

DROP TABLE clinical.role_permissions;
DROP TABLE clinical.users;

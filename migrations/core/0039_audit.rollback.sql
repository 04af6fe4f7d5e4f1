-- Undo 0039_audit.

DROP TABLE audit.entries;

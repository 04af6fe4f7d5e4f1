-- Undo 0043_audit_many.

ALTER TABLE audit.entries DROP COLUMN loaded_at;
DROP TYPE audit.new_entry;

-- Undo 0048_audit_seals: the log of changes is not sealed any more, and follows no table.

DELETE FROM refresh_internal.chores WHERE call = 'audit_internal.seal';
DROP TABLE audit.tracked_tables, audit.seals;
DROP TABLE audit_internal.purges, audit_internal.newest_seal, audit_internal.sealed_entries;
DROP INDEX audit.entries_transaction_id_idx;
DROP SCHEMA audit_internal;
DROP SCHEMA records_itself;

-- What the statistics count answers about rights by, and the index that finds the log of one thing.
-- depends: 0006_planning_actuals, 0039_audit

CREATE TABLE planning.access_answers_stored ();
CREATE TABLE planning.access_answers_computed ();

COMMENT ON TABLE planning.access_answers_stored IS
'Always empty: it is read once for each answer that looked into the stored rows, so its count of scans is theirs.';
COMMENT ON TABLE planning.access_answers_computed IS
'Always empty: it is read once for each answer that had to be computed from the tables, so its count of scans is theirs.';

-- a partitioned table takes no index concurrently; only entries of this family are in it, and there is none yet
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX ix_audit_logs_entity ON audit.entries (table_name, (row_key::uuid), recorded_at) WHERE family = 'planning';

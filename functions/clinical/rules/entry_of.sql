-- clinical.entry_of()
-- One entry for the log of changes, as clinical.record_call() takes it.
-- requires: nothing
-- source:   docs/clinical_writes.md, "What is recorded"

CREATE OR REPLACE FUNCTION clinical.entry_of(table_name text, record_id integer, action text, changes jsonb)
RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN jsonb_build_object('table_name', table_name, 'record_id', record_id, 'action', action, 'changes', changes);

COMMENT ON FUNCTION clinical.entry_of IS
'record_id is 0 for what concerns no single row.';

-- planning.audit_logs
-- Who changed what in planning.
-- grain:    one row per change
-- requires: nothing
-- source:   docs/planning.md, "The log of changes"

CREATE OR REPLACE VIEW planning.audit_logs AS
SELECT
    ent.entry_id AS id,
    ent.actor::uuid AS user_id,
    ent.table_name AS entity_type,
    ent.row_key::uuid AS entity_id,
    ent.action AS operation,
    ent.before_values,
    ent.after_values,
    ent.recorded_at AS created_at
FROM audit.entries AS ent
WHERE ent.family = 'planning';

COMMENT ON VIEW planning.audit_logs IS
'Entries of audit.entries, which are never changed. operation: CREATE, UPDATE, DELETE of a thing; ROLE_ASSIGNED, ROLE_REMOVED, SCOPE_ASSIGNED, SCOPE_REMOVED of the entity type Permission, whose entity_id is the user concerned.';
COMMENT ON COLUMN planning.audit_logs.user_id IS 'Who acted.';
COMMENT ON COLUMN planning.audit_logs.entity_id IS 'Key of the thing.';

GRANT SELECT ON planning.audit_logs TO tidemark_operator;

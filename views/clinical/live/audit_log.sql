-- clinical.audit_log
-- The log of changes of clinical in the shape that its reports know.
-- grain:    one entry of audit.entries of family clinical
-- requires: nothing
-- source:   docs/clinical_writes.md, "What is recorded"

CREATE OR REPLACE VIEW clinical.audit_log AS
SELECT
    ent.entry_no AS id,
    ent.table_name::varchar(100) AS table_name,
    CASE WHEN ent.row_key ~ '^[0-9]{1,9}$' THEN ent.row_key::integer END AS record_id,
    ent.action::varchar(50) AS action,
    usr.id AS user_id,
    ent.actor_role AS user_role,
    CASE WHEN ent.batch ~ '^[0-9]{1,18}$' THEN ent.batch::bigint END AS batch_id,
    CASE
        WHEN ent.before_values IS NULL AND ent.after_values IS NULL THEN NULL
        WHEN ent.action = 'CREATE' THEN jsonb_build_object('created', ent.after_values)
        WHEN ent.action = 'UPDATE' THEN jsonb_build_object('before', ent.before_values, 'after', ent.after_values)
        WHEN ent.action = 'DELETE' THEN jsonb_build_object('deleted', ent.before_values) || coalesce(ent.after_values, '{}')
        ELSE coalesce(ent.after_values, ent.before_values)
    END AS changes,
    nullif(split_part(ent.client, ' ', 1), 'local')::varchar(45) AS ip_address,
    nullif(substr(ent.client, strpos(ent.client || ' ', ' ') + 1), '') AS user_agent,
    ent.recorded_at AS created_at
FROM audit.entries AS ent
LEFT JOIN clinical.users AS usr ON ent.actor = usr.id::text
WHERE ent.family = 'clinical';

COMMENT ON VIEW clinical.audit_log IS
'Entries of an earlier system are loaded by INSERT. user_id is NULL when that user is gone, or when somebody wrote the table directly; record_id is NULL for rows with another key than one number.';

GRANT SELECT ON clinical.audit_log TO tidemark_operator;

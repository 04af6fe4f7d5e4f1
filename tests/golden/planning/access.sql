-- Who may do what, each expected file with the query that computes it; docs/golden.md explains the notes.
-- The union over all roles is compared; what counts may be less and is told by planning.may().

-- name: expected/expected_user_access.csv
-- key: user_id
SELECT
    own.user_id::text,
    own.is_active,
    own.permissions::text,
    own.portfolio_ids::text,
    own.program_ids::text,
    own.project_ids::text,
    own.has_global_scope,
    own.accessible_program_count,
    own.accessible_project_count,
    own.direct_program_scopes::text,
    own.direct_project_scopes::text
FROM planning.users AS usr
CROSS JOIN LATERAL planning.access_of(usr.id) AS own;

-- name: expected/expected_access_checks.csv
-- key: user_id, entity_type, entity_id, permission
SELECT
    asked.user_id,
    asked.entity_type,
    asked.entity_id,
    asked.permission,
    own.is_allowed_by_union AS allowed
FROM expected_access_checks AS asked
CROSS JOIN LATERAL planning.check_access(asked.user_id::uuid, asked.entity_type, asked.entity_id::uuid, asked.permission) AS own;

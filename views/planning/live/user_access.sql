-- planning.user_access
-- What the roles of each user open: the access of a user in a few rows.
-- grain:    one row per user and role that counts; a user without one has a row with role_type NULL
-- requires: nothing
-- source:   docs/planning.md, "Access of a user"

-- Programs are named, not spread out into their projects: a project that is made, moved or deleted changes no row here.
CREATE OR REPLACE VIEW planning.user_access AS
SELECT
    usr.id AS user_id,
    rol.role_type,
    coalesce(bool_or(sco.scope_type = 'global'), FALSE) AS has_global_scope,
    coalesce(array_agg(DISTINCT sco.program_id ORDER BY sco.program_id) FILTER (WHERE sco.program_id IS NOT NULL), '{}') AS program_ids,
    coalesce(array_agg(DISTINCT sco.project_id ORDER BY sco.project_id) FILTER (WHERE sco.project_id IS NOT NULL), '{}') AS project_ids
FROM planning.users AS usr
LEFT JOIN planning.user_roles AS rol ON usr.id = rol.user_id AND rol.is_active AND usr.is_active
LEFT JOIN planning.scope_assignments AS sco ON rol.id = sco.user_role_id AND sco.is_active
GROUP BY usr.id, rol.role_type;

COMMENT ON VIEW planning.user_access IS
'Active roles of active users with their active scopes. An inactive user has a row, with nothing in it; an unknown one has none.';
COMMENT ON COLUMN planning.user_access.role_type IS 'The role; NULL: the user is inactive or has no active role.';
COMMENT ON COLUMN planning.user_access.has_global_scope IS 'The role opens everything.';
COMMENT ON COLUMN planning.user_access.program_ids IS 'Programs that scopes of the role name, each once; also when it has the global scope.';
COMMENT ON COLUMN planning.user_access.project_ids IS 'Projects that scopes of the role name, each once.';

GRANT SELECT ON planning.user_access TO tidemark_operator;

-- planning.reach_of()
-- What some users may do one thing to: everything, or these programs and these projects.
-- requires: planning.user_access_of()
-- source:   docs/planning.md, "Permission and scope are paired"

CREATE OR REPLACE FUNCTION planning.reach_of(
    p_user_ids uuid[], p_permission text, OUT sees_all boolean, OUT program_ids uuid[], OUT project_ids uuid[]
)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    -- the scopes that count are those of a role that grants the permission
    WITH role AS MATERIALIZED (
        SELECT
            acc.has_global_scope,
            acc.program_ids,
            acc.project_ids
        FROM planning.user_access_of(p_user_ids) AS acc
        INNER JOIN planning.role_permissions AS rp ON acc.role_type = rp.role_type
        WHERE rp.permission = p_permission
    )

    SELECT
        EXISTS (SELECT FROM role WHERE role.has_global_scope),
        ARRAY(SELECT DISTINCT scope.id FROM role CROSS JOIN LATERAL unnest(role.program_ids) AS scope (id) ORDER BY scope.id),
        ARRAY(SELECT DISTINCT scope.id FROM role CROSS JOIN LATERAL unnest(role.project_ids) AS scope (id) ORDER BY scope.id);
END;

COMMENT ON FUNCTION planning.reach_of IS
'One row. sees_all: everything; otherwise the projects of program_ids as they are now, and project_ids. A project gives no right on its program but to read and view it, see planning.is_reading(). Empty for unknown and inactive users.';

REVOKE ALL ON FUNCTION planning.reach_of FROM PUBLIC;

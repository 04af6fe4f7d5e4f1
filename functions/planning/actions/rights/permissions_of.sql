-- planning.permissions_of()
-- The permissions of a user over all roles, and whether a scope goes with each.
-- requires: planning.user_access_of()
-- source:   docs/planning.md, "The union, for comparison"

CREATE OR REPLACE FUNCTION planning.permissions_of(p_user_id uuid)
RETURNS TABLE (permission text, is_allowed boolean) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT
        rp.permission,
        bool_or(acc.has_global_scope OR acc.program_ids <> '{}' OR acc.project_ids <> '{}')
    FROM planning.user_access_of(ARRAY[p_user_id]) AS acc
    INNER JOIN planning.role_permissions AS rp ON acc.role_type = rp.role_type
    GROUP BY rp.permission;
END;

COMMENT ON FUNCTION planning.permissions_of IS
'One row per permission of any active role. is_allowed: a role that grants it has an active scope, so it counts somewhere. No row for unknown and inactive users.';

REVOKE ALL ON FUNCTION planning.permissions_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.permissions_of TO tidemark_app;

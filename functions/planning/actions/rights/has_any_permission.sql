-- planning.has_any_permission()
-- Says whether a user has one of several permissions, wherever.
-- requires: planning.permissions_of()
-- source:   docs/planning.md, "The union, for comparison"

CREATE OR REPLACE FUNCTION planning.has_any_permission(p_user_id uuid, p_permissions text[])
RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM planning.permissions_of(p_user_id) AS own WHERE own.permission = ANY(p_permissions));
END;

COMMENT ON FUNCTION planning.has_any_permission IS
'Over all active roles, scopes left out: what a menu may offer. Whether it holds for one thing is asked by planning.may(). False for an empty list.';

REVOKE ALL ON FUNCTION planning.has_any_permission FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.has_any_permission TO tidemark_app;

-- planning.has_all_permissions()
-- Says whether a user has each of several permissions, wherever.
-- requires: planning.permissions_of()
-- source:   docs/planning.md, "The union, for comparison"

CREATE OR REPLACE FUNCTION planning.has_all_permissions(p_user_id uuid, p_permissions text[])
RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT p_permissions <@ ARRAY(SELECT own.permission FROM planning.permissions_of(p_user_id) AS own);
END;

COMMENT ON FUNCTION planning.has_all_permissions IS
'Over all active roles, scopes left out, see planning.has_any_permission(). True for an empty list.';

REVOKE ALL ON FUNCTION planning.has_all_permissions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.has_all_permissions TO tidemark_app;

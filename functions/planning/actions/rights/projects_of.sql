-- planning.projects_of()
-- The projects that the scopes of a user open, and which of them he may do one thing to.
-- requires: planning.access_of(), planning.reach_of()
-- source:   docs/planning.md, "The union, for comparison"

CREATE OR REPLACE FUNCTION planning.projects_of(p_user_id uuid, p_permission text DEFAULT 'read_project')
RETURNS TABLE (project_id uuid, is_allowed boolean) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT
        opened.id,
        reach.sees_all OR opened.program_id = ANY(reach.program_ids) OR opened.id = ANY(reach.project_ids)
    FROM planning.access_of(p_user_id) AS own
    INNER JOIN planning.projects AS opened ON opened.id = ANY(own.project_ids)
    CROSS JOIN planning.reach_of(ARRAY[p_user_id], p_permission) AS reach;
END;

COMMENT ON FUNCTION planning.projects_of IS
'Rows: the union over all active roles. is_allowed: one of these roles also grants p_permission, as planning.may() says. No row for unknown and inactive users.';

REVOKE ALL ON FUNCTION planning.projects_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.projects_of TO tidemark_app;

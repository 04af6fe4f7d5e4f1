-- planning.check_access()
-- Says of one permission and one thing what the union of all roles says, and what counts.
-- requires: planning.may(), planning.permissions_of(), planning.portfolios_of(), planning.programs_of(), planning.projects_of()
-- source:   docs/planning.md, "The union, for comparison"

CREATE OR REPLACE FUNCTION planning.check_access(
    p_user_id uuid, p_entity_type text, p_entity_id uuid, p_permission text, OUT is_allowed_by_union boolean, OUT is_allowed boolean
)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT
        EXISTS (SELECT FROM planning.permissions_of(p_user_id) AS own WHERE own.permission = p_permission)
        AND CASE p_entity_type
            WHEN 'project' THEN EXISTS (SELECT FROM planning.projects_of(p_user_id) AS own WHERE own.project_id = p_entity_id)
            WHEN 'program' THEN EXISTS (SELECT FROM planning.programs_of(p_user_id) AS own WHERE own.program_id = p_entity_id)
            WHEN 'portfolio' THEN EXISTS (SELECT FROM planning.portfolios_of(p_user_id) AS own WHERE own.portfolio_id = p_entity_id)
            ELSE FALSE
        END,
        planning.may(p_user_id, p_permission, p_entity_id, p_entity_type);
END;

COMMENT ON FUNCTION planning.check_access IS
'is_allowed_by_union: some role grants the permission and some role, perhaps another, opens the thing; for comparison only. is_allowed: planning.may(), which every gate asks.';

REVOKE ALL ON FUNCTION planning.check_access FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.check_access TO tidemark_app;

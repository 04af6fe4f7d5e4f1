-- planning.portfolios_of()
-- The portfolios that the scopes of a user open, and which of them he may do one thing to.
-- requires: planning.access_of(), planning.reach_of(), planning.is_reading()
-- source:   docs/planning.md, "The union, for comparison"

CREATE OR REPLACE FUNCTION planning.portfolios_of(p_user_id uuid, p_permission text DEFAULT 'read_portfolio')
RETURNS TABLE (portfolio_id uuid, is_allowed boolean) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    -- the conditions of planning.may(), over all at once
    SELECT
        opened.id,
        reach.sees_all OR EXISTS (
            SELECT FROM planning.programs AS prg
            WHERE prg.portfolio_id = opened.id
                AND (
                    prg.id = ANY(reach.program_ids)
                    OR (planning.is_reading(p_permission) AND EXISTS (
                        SELECT FROM planning.projects AS prj WHERE prj.program_id = prg.id AND prj.id = ANY(reach.project_ids)
                    ))
                )
        )
    FROM (SELECT unnest(own.portfolio_ids) AS id FROM planning.access_of(p_user_id) AS own) AS opened
    CROSS JOIN planning.reach_of(ARRAY[p_user_id], p_permission) AS reach;
END;

COMMENT ON FUNCTION planning.portfolios_of IS
'Rows: the union over all active roles. is_allowed: as planning.may() says. No row for unknown and inactive users.';

REVOKE ALL ON FUNCTION planning.portfolios_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.portfolios_of TO tidemark_app;

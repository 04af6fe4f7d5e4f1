-- planning.portfolios_of()
-- The portfolios that the scopes of a user open, and which of them he may do one thing to.
-- requires: planning.user_access_of(), planning.programs_of(), planning.may()
-- source:   docs/planning.md, "The union, for comparison"

CREATE OR REPLACE FUNCTION planning.portfolios_of(p_user_id uuid, p_permission text DEFAULT 'read_portfolio')
RETURNS TABLE (portfolio_id uuid, is_allowed boolean) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH opened AS (
        -- a portfolio may have no program
        SELECT pfo.id FROM planning.portfolios AS pfo
        WHERE EXISTS (SELECT FROM planning.user_access_of(ARRAY[p_user_id]) AS acc WHERE acc.has_global_scope)
        UNION
        SELECT prg.portfolio_id FROM planning.programs_of(p_user_id) AS own
        INNER JOIN planning.programs AS prg ON own.program_id = prg.id
    )

    SELECT
        opened.id,
        planning.may(p_user_id, p_permission, opened.id, 'portfolio')
    FROM opened;
END;

COMMENT ON FUNCTION planning.portfolios_of IS
'Rows: the union over all active roles. is_allowed: as planning.may() says. No row for unknown and inactive users.';

REVOKE ALL ON FUNCTION planning.portfolios_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.portfolios_of TO tidemark_app;

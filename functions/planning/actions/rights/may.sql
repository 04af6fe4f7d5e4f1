-- planning.may()
-- Says whether a user may do something to one thing.
-- requires: planning.reach_of(), planning.is_reading()
-- source:   docs/planning.md, "Permission and scope are paired"

CREATE OR REPLACE FUNCTION planning.may(
    p_user_id uuid, p_permission text, p_entity_id uuid, p_entity_type text DEFAULT 'project'
)
RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT CASE p_entity_type
        WHEN 'project' THEN EXISTS (
            SELECT FROM planning.projects AS prj
            WHERE prj.id = p_entity_id
                AND (reach.sees_all OR prj.program_id = ANY(reach.program_ids) OR prj.id = ANY(reach.project_ids))
        )
        WHEN 'program' THEN EXISTS (
            SELECT FROM planning.programs AS prg
            WHERE prg.id = p_entity_id
                AND (
                    reach.sees_all OR prg.id = ANY(reach.program_ids)
                    OR (planning.is_reading(p_permission) AND EXISTS (
                        SELECT FROM planning.projects AS prj WHERE prj.program_id = prg.id AND prj.id = ANY(reach.project_ids)
                    ))
                )
        )
        WHEN 'portfolio' THEN EXISTS (
            SELECT FROM planning.portfolios AS pfo
            WHERE pfo.id = p_entity_id
                AND (
                    reach.sees_all
                    OR EXISTS (
                        SELECT FROM planning.programs AS prg WHERE prg.portfolio_id = pfo.id AND prg.id = ANY(reach.program_ids)
                    )
                    OR (planning.is_reading(p_permission) AND EXISTS (
                        SELECT FROM planning.projects AS prj
                        INNER JOIN planning.programs AS prg ON prj.program_id = prg.id
                        WHERE prg.portfolio_id = pfo.id AND prj.id = ANY(reach.project_ids)
                    ))
                )
        )
        WHEN 'resource' THEN EXISTS (
            SELECT FROM planning.resources AS res
            WHERE res.id = p_entity_id
                AND (reach.sees_all OR EXISTS (
                    SELECT FROM planning.resource_assignments AS asg
                    INNER JOIN planning.projects AS prj ON asg.project_id = prj.id
                    WHERE asg.resource_id = res.id
                        AND (prj.program_id = ANY(reach.program_ids) OR prj.id = ANY(reach.project_ids))
                ))
        )
        WHEN 'all' THEN reach.sees_all
        ELSE FALSE
    END
    FROM planning.reach_of(ARRAY[p_user_id], p_permission) AS reach;
END;

COMMENT ON FUNCTION planning.may IS
'p_entity_type: project, program, portfolio, resource, or all for what belongs to no project, such as users. True when one active role grants the permission and one of its active scopes opens the thing. Never NULL; false for unknown users, permissions and things.';

REVOKE ALL ON FUNCTION planning.may FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.may TO tidemark_app;

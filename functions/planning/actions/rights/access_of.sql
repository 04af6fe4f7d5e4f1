-- planning.access_of()
-- The access of a user as one row: permissions, what the scopes open, and the scopes that name it.
-- requires: planning.user_access_of()
-- source:   docs/planning.md, "Access of a user"

CREATE OR REPLACE FUNCTION planning.access_of(
    p_user_id uuid,
    OUT user_id uuid,
    OUT is_active boolean,
    OUT permissions text[],
    OUT portfolio_ids uuid[],
    OUT program_ids uuid[],
    OUT project_ids uuid[],
    OUT has_global_scope boolean,
    OUT accessible_program_count integer,
    OUT accessible_project_count integer,
    OUT direct_program_scopes uuid[],
    OUT direct_project_scopes uuid[]
)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    -- the rows of the user are read once, and the unions made here serve portfolios_of(), programs_of() and projects_of()
    WITH own AS MATERIALIZED (
        SELECT acc.role_type, acc.has_global_scope, acc.program_ids, acc.project_ids
        FROM planning.user_access_of(ARRAY[p_user_id]) AS acc
    ),

    scope AS MATERIALIZED (
        SELECT
            EXISTS (SELECT FROM own WHERE own.has_global_scope) AS is_global,
            ARRAY(SELECT DISTINCT one.id FROM own CROSS JOIN LATERAL unnest(own.program_ids) AS one (id) ORDER BY one.id) AS programs,
            ARRAY(SELECT DISTINCT one.id FROM own CROSS JOIN LATERAL unnest(own.project_ids) AS one (id) ORDER BY one.id) AS projects
    ),

    program AS MATERIALIZED (
        SELECT prg.id, prg.portfolio_id FROM planning.programs AS prg
        WHERE (SELECT scope.is_global FROM scope)
        UNION
        SELECT prg.id, prg.portfolio_id FROM planning.programs AS prg
        WHERE prg.id = ANY(ARRAY(SELECT unnest(scope.programs) FROM scope))
        UNION
        -- the scope of a project lets its program be seen
        SELECT prg.id, prg.portfolio_id FROM planning.projects AS prj
        INNER JOIN planning.programs AS prg ON prj.program_id = prg.id
        WHERE prj.id = ANY(ARRAY(SELECT unnest(scope.projects) FROM scope))
    ),

    project AS MATERIALIZED (
        SELECT prj.id FROM planning.projects AS prj
        WHERE (SELECT scope.is_global FROM scope)
        UNION
        SELECT prj.id FROM planning.projects AS prj
        WHERE prj.program_id = ANY(ARRAY(SELECT unnest(scope.programs) FROM scope))
        UNION
        SELECT prj.id FROM planning.projects AS prj
        WHERE prj.id = ANY(ARRAY(SELECT unnest(scope.projects) FROM scope))
    ),

    portfolio AS MATERIALIZED (
        -- a portfolio may have no program
        SELECT pfo.id FROM planning.portfolios AS pfo
        WHERE (SELECT scope.is_global FROM scope)
        UNION
        SELECT program.portfolio_id FROM program
    )

    SELECT
        p_user_id,
        coalesce((SELECT usr.is_active FROM planning.users AS usr WHERE usr.id = p_user_id), FALSE),
        ARRAY(
            SELECT DISTINCT rp.permission COLLATE "C" AS permission
            FROM own INNER JOIN planning.role_permissions AS rp ON own.role_type = rp.role_type
            ORDER BY permission
        ),
        ARRAY(SELECT portfolio.id FROM portfolio ORDER BY portfolio.id),
        ARRAY(SELECT program.id FROM program ORDER BY program.id),
        ARRAY(SELECT project.id FROM project ORDER BY project.id),
        scope.is_global,
        (SELECT count(*) FROM program)::integer,
        (SELECT count(*) FROM project)::integer,
        CASE WHEN scope.is_global THEN '{}' ELSE scope.programs END,
        CASE WHEN scope.is_global THEN '{}' ELSE scope.projects END
    FROM scope;
END;

COMMENT ON FUNCTION planning.access_of IS
'Always one row; an unknown user looks like an inactive one: nothing. Sets are unions over all active roles, sorted; what counts for one permission is told by planning.reach_of(). With a global scope the sets are all there is, and the direct scopes are empty.';

REVOKE ALL ON FUNCTION planning.access_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.access_of TO tidemark_app;

-- planning.access_of()
-- The access of a user as one row: permissions, what the scopes open, and the scopes that name it.
-- requires: planning.user_access_of(), planning.permissions_of(), planning.portfolios_of(), planning.programs_of(), planning.projects_of()
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
    WITH own AS MATERIALIZED (
        SELECT
            acc.has_global_scope,
            acc.program_ids,
            acc.project_ids
        FROM planning.user_access_of(ARRAY[p_user_id]) AS acc
    ),

    opened AS MATERIALIZED (
        SELECT
            ARRAY(SELECT prg.program_id FROM planning.programs_of(p_user_id) AS prg ORDER BY prg.program_id) AS programs,
            ARRAY(SELECT prj.project_id FROM planning.projects_of(p_user_id) AS prj ORDER BY prj.project_id) AS projects,
            EXISTS (SELECT FROM own WHERE own.has_global_scope) AS is_global
    )

    SELECT
        p_user_id,
        coalesce((SELECT usr.is_active FROM planning.users AS usr WHERE usr.id = p_user_id), FALSE),
        ARRAY(SELECT prm.permission FROM planning.permissions_of(p_user_id) AS prm ORDER BY prm.permission COLLATE "C"),
        ARRAY(SELECT pfo.portfolio_id FROM planning.portfolios_of(p_user_id) AS pfo ORDER BY pfo.portfolio_id),
        opened.programs,
        opened.projects,
        opened.is_global,
        cardinality(opened.programs),
        cardinality(opened.projects),
        ARRAY(
            SELECT DISTINCT scope.id FROM own CROSS JOIN LATERAL unnest(own.program_ids) AS scope (id)
            WHERE NOT opened.is_global
            ORDER BY scope.id
        ),
        ARRAY(
            SELECT DISTINCT scope.id FROM own CROSS JOIN LATERAL unnest(own.project_ids) AS scope (id)
            WHERE NOT opened.is_global
            ORDER BY scope.id
        )
    FROM opened;
END;

COMMENT ON FUNCTION planning.access_of IS
'Always one row; an unknown user looks like an inactive one: nothing. Sets are unions over all active roles, sorted; what counts for one permission is told by planning.reach_of(). With a global scope the sets are all there is, and the direct scopes are empty.';

REVOKE ALL ON FUNCTION planning.access_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.access_of TO tidemark_app;

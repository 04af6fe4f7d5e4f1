-- planning.reader_projects()
-- The projects that the users granted to a reader of bi may do one thing to.
-- requires: planning.reach_of()
-- source:   docs/planning.md, "Dashboards"

CREATE OR REPLACE FUNCTION planning.reader_projects(
    p_users text[], p_permission text, OUT sees_all boolean, OUT project_ids uuid[]
)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT
        reach.sees_all,
        ARRAY(
            SELECT prj.id FROM planning.projects AS prj
            WHERE NOT reach.sees_all AND (prj.program_id = ANY(reach.program_ids) OR prj.id = ANY(reach.project_ids))
        )
    FROM planning.reach_of(
        -- a grant may hold a value that is no user
        ARRAY(SELECT given.value::uuid FROM unnest(p_users) AS given (value) WHERE given.value ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'),
        p_permission
    ) AS reach;
END;

COMMENT ON FUNCTION planning.reader_projects IS
'For views of bi, which give it access.sees(''planning'', ''user''). sees_all: some user may do it everywhere, and project_ids is empty. A reader runs it inside the view and cannot name it.';

REVOKE ALL ON FUNCTION planning.reader_projects FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.reader_projects TO tidemark_bi;

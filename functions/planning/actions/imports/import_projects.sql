-- planning.import_projects()
-- Says of each project that a file names what keeps its rows out.
-- requires: planning.may(), planning.uuid_of_text(), load.trimmed()
-- source:   docs/planning_writes.md, "Rows"

-- To somebody who does not reach every project, one that is not there and one that is out of reach look alike.
CREATE OR REPLACE FUNCTION planning.import_projects(p_upload_id bigint, p_permission text, p_project_ids uuid[])
RETURNS TABLE (project_id uuid, code text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH acting AS MATERIALIZED (
        SELECT
            planning.uuid_of_text(load.trimmed(upl.parameters ->> 'user')) AS user_id,
            coalesce(load.trimmed(upl.parameters ->> 'user'), '') <> '' AS is_given
        FROM load.uploads AS upl
        WHERE upl.upload_id = p_upload_id
    ),

    reach AS MATERIALIZED (
        SELECT acting.user_id, acting.is_given, acting.is_given AND planning.may(acting.user_id, p_permission, NULL, 'all') AS sees_all
        FROM acting
    )

    SELECT
        giv.project_id,
        CASE
            WHEN reach.is_given AND NOT reach.sees_all AND NOT planning.may(reach.user_id, p_permission, giv.project_id)
                THEN 'PROJECT_OUT_OF_SCOPE'
            WHEN prj.id IS NULL THEN 'PROJECT_NOT_FOUND'
        END
    FROM unnest(p_project_ids) AS giv (project_id)
    LEFT JOIN planning.projects AS prj ON giv.project_id = prj.id
    CROSS JOIN reach;
END;

COMMENT ON FUNCTION planning.import_projects IS
'code: PROJECT_OUT_OF_SCOPE when the upload names a user who may not, PROJECT_NOT_FOUND, or NULL.';

REVOKE ALL ON FUNCTION planning.import_projects FROM PUBLIC;

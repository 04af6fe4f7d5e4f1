-- planning.programs_of()
-- The programs that the scopes of a user open, and which of them he may do one thing to.
-- requires: planning.user_access_of(), planning.reach_of(), planning.is_reading()
-- source:   docs/planning.md, "The union, for comparison"

CREATE OR REPLACE FUNCTION planning.programs_of(p_user_id uuid, p_permission text DEFAULT 'read_program')
RETURNS TABLE (program_id uuid, is_allowed boolean) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH own AS MATERIALIZED (
        SELECT
            acc.has_global_scope,
            acc.program_ids,
            acc.project_ids
        FROM planning.user_access_of(ARRAY[p_user_id]) AS acc
    ),

    opened AS (
        SELECT prg.id FROM planning.programs AS prg
        WHERE EXISTS (SELECT FROM own WHERE own.has_global_scope)
        UNION
        SELECT prg.id FROM planning.programs AS prg
        WHERE prg.id = ANY(ARRAY(SELECT unnest(own.program_ids) FROM own))
        UNION
        SELECT prj.program_id FROM planning.projects AS prj
        WHERE prj.id = ANY(ARRAY(SELECT unnest(own.project_ids) FROM own))
    )

    -- the conditions of planning.may(), over all at once
    SELECT
        opened.id,
        reach.sees_all OR opened.id = ANY(reach.program_ids)
        OR (planning.is_reading(p_permission) AND EXISTS (
            SELECT FROM planning.projects AS prj WHERE prj.program_id = opened.id AND prj.id = ANY(reach.project_ids)
        ))
    FROM opened
    CROSS JOIN planning.reach_of(ARRAY[p_user_id], p_permission) AS reach;
END;

COMMENT ON FUNCTION planning.programs_of IS
'Rows: the union over all active roles; the scope of a project opens its program for reading. is_allowed: as planning.may() says. No row for unknown and inactive users.';

REVOKE ALL ON FUNCTION planning.programs_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.programs_of TO tidemark_app;

-- planning.programs_of()
-- The programs that the scopes of a user open, and which of them he may do one thing to.
-- requires: planning.user_access_of(), planning.may()
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

    SELECT
        opened.id,
        planning.may(p_user_id, p_permission, opened.id, 'program')
    FROM opened;
END;

COMMENT ON FUNCTION planning.programs_of IS
'Rows: the union over all active roles; the scope of a project opens its program for reading. is_allowed: as planning.may() says. No row for unknown and inactive users.';

REVOKE ALL ON FUNCTION planning.programs_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.programs_of TO tidemark_app;

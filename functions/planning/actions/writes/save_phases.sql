-- planning.save_phases()
-- Makes the phases of a project those of a list.
-- requires: planning.require_right(), planning.require_version(), planning.write_phases()
-- source:   docs/planning_writes.md, "Projects and phases"

CREATE OR REPLACE FUNCTION planning.save_phases(p_user_id uuid, p_project_id uuid, p_phases jsonb, p_version integer DEFAULT NULL)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_version integer;
BEGIN
    PERFORM planning.require_right(p_user_id, 'update_project', p_project_id);
    IF jsonb_path_exists(p_phases, '$[*].keyvalue() ? (@.key like_regex "_budget$")') THEN
        PERFORM planning.require_right(p_user_id, 'update_budget', p_project_id);
    END IF;
    -- a new version of the project is what tells the next who saves its phases
    UPDATE planning.projects AS prj SET name = prj.name
    WHERE prj.id = p_project_id
    RETURNING prj.version INTO v_version;
    PERFORM planning.require_version(v_version - 1, p_version);
    PERFORM planning.write_phases(p_user_id, p_project_id, p_phases);
    RETURN v_version;
END;
$$;

COMMENT ON FUNCTION planning.save_phases IS
'p_phases: a list of objects with name, start_date, end_date, and where wanted id, the four budgets and description. p_version: of the project, whose new version is given back. Budgets need update_budget. Raises 42501, 40001, and 23514 with a code.';

REVOKE ALL ON FUNCTION planning.save_phases FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.save_phases TO tidemark_app;

-- planning.update_project()
-- Changes what a project is called, who answers for it, its days, and its phases with them.
-- requires: planning.require_right(), planning.require_version(), planning.write_phases(), audit.record()
-- source:   docs/planning_writes.md, "Projects and phases"

CREATE OR REPLACE FUNCTION planning.update_project(
    p_user_id uuid, p_project_id uuid, p_name text DEFAULT NULL, p_business_sponsor text DEFAULT NULL, p_project_manager text DEFAULT NULL,
    p_technical_lead text DEFAULT NULL, p_start_date date DEFAULT NULL, p_end_date date DEFAULT NULL, p_description text DEFAULT NULL,
    p_phases jsonb DEFAULT NULL, p_version integer DEFAULT NULL
)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_before planning.projects;
    v_after planning.projects;
BEGIN
    PERFORM planning.require_right(p_user_id, 'update_project', p_project_id);
    IF jsonb_path_exists(p_phases, '$[*].keyvalue() ? (@.key like_regex "_budget$")') THEN
        PERFORM planning.require_right(p_user_id, 'update_budget', p_project_id);
    END IF;
    SELECT prj.* INTO v_before FROM planning.projects AS prj WHERE prj.id = p_project_id FOR UPDATE;
    PERFORM planning.require_version(v_before.version, p_version);
    UPDATE planning.projects AS prj
    SET
        name = coalesce(p_name, prj.name),
        business_sponsor = coalesce(p_business_sponsor, prj.business_sponsor),
        project_manager = coalesce(p_project_manager, prj.project_manager),
        technical_lead = coalesce(p_technical_lead, prj.technical_lead),
        start_date = coalesce(p_start_date, prj.start_date),
        end_date = coalesce(p_end_date, prj.end_date),
        description = coalesce(p_description, prj.description)
    WHERE prj.id = p_project_id
    RETURNING prj.* INTO v_after;
    PERFORM audit.record('planning', 'Project', p_project_id::text, 'UPDATE', p_user_id::text, to_jsonb(v_before), to_jsonb(v_after));
    IF p_phases IS NOT NULL OR (v_after.start_date, v_after.end_date) <> (v_before.start_date, v_before.end_date) THEN
        PERFORM planning.write_phases(p_user_id, p_project_id, coalesce(p_phases, (
            SELECT coalesce(jsonb_agg(to_jsonb(pha) ORDER BY pha.start_date), '[]')
            FROM planning.project_phases AS pha WHERE pha.project_id = p_project_id
        )));
    END IF;
    RETURN v_after.version;
END;
$$;

COMMENT ON FUNCTION planning.update_project IS
'What is NULL stays. Other days need phases that fit them, in the same call. Gives the new version. Raises 42501, 40001, and 23514 with a code.';

REVOKE ALL ON FUNCTION planning.update_project FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.update_project TO tidemark_app;

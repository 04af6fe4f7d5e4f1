-- planning.create_project()
-- Makes a project, with one phase from its first day to its last.
-- requires: planning.require_right(), planning.write_phases(), audit.record()
-- source:   docs/planning_writes.md, "Projects and phases"

CREATE OR REPLACE FUNCTION planning.create_project(
    p_user_id uuid, p_program_id uuid, p_name text, p_business_sponsor text, p_project_manager text, p_technical_lead text,
    p_start_date date, p_end_date date, p_cost_center_code text, p_currency_code text DEFAULT 'USD', p_description text DEFAULT NULL
)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_project planning.projects;
BEGIN
    PERFORM planning.require_right(p_user_id, 'create_project', p_program_id, 'program');
    INSERT INTO planning.projects (
        program_id, name, business_sponsor, project_manager, technical_lead, start_date, end_date, cost_center_code, currency_code, description
    )
    VALUES (
        p_program_id, p_name, p_business_sponsor, p_project_manager, p_technical_lead, p_start_date, p_end_date, p_cost_center_code,
        p_currency_code, p_description
    )
    RETURNING * INTO v_project;
    PERFORM audit.record('planning', 'Project', v_project.id::text, 'CREATE', p_user_id::text, p_after => to_jsonb(v_project));
    PERFORM planning.write_phases(p_user_id, v_project.id, jsonb_build_array(jsonb_build_object(
        'name', 'Default Phase', 'start_date', p_start_date, 'end_date', p_end_date
    )));
    RETURN v_project.id;
END;
$$;

COMMENT ON FUNCTION planning.create_project IS
'Gives its id. Its phase is called Default Phase and has no budget. Raises 42501, and what the tables refuse: 23505 for a cost centre that is taken, 23514 for days in the wrong order.';

REVOKE ALL ON FUNCTION planning.create_project FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.create_project TO tidemark_app;

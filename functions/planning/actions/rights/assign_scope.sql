-- planning.assign_scope()
-- Lets a role of a user open everything, one program or one project.
-- requires: planning.lock_rights(), planning.may(), planning.reach_of(), planning.require_right(), planning.record_right()
-- requires: planning.scope_shape_error()
-- source:   docs/planning.md, "Changing rights"

CREATE OR REPLACE FUNCTION planning.assign_scope(
    p_actor_id uuid,
    p_user_role_id uuid,
    p_scope_type text,
    p_program_id uuid DEFAULT NULL,
    p_project_id uuid DEFAULT NULL,
    p_is_active boolean DEFAULT TRUE,
    OUT scope_assignment_id uuid,
    OUT code text
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_user_id uuid;
BEGIN
    PERFORM planning.lock_rights();
    code := planning.scope_shape_error(p_scope_type, p_program_id, p_project_id);
    -- who may not say what is there learns of nothing else; who may is told what is wrong
    IF code IS NOT NULL OR NOT planning.may(p_actor_id, 'manage_roles', NULL, 'all') THEN
        IF code IS NULL OR NOT EXISTS (
            SELECT FROM planning.reach_of(ARRAY[p_actor_id], 'manage_roles') AS reach
            WHERE reach.sees_all OR reach.program_ids <> '{}' OR reach.project_ids <> '{}'
        ) THEN
            PERFORM planning.require_right(p_actor_id, 'manage_roles', coalesce(p_program_id, p_project_id),
                CASE p_scope_type WHEN 'global' THEN 'all' ELSE p_scope_type END);
        END IF;
    END IF;
    SELECT rol.user_id INTO v_user_id FROM planning.user_roles AS rol WHERE rol.id = p_user_role_id;
    code := coalesce(code, CASE
        WHEN v_user_id IS NULL THEN 'USER_ROLE_NOT_FOUND'
        WHEN p_scope_type = 'program' AND NOT EXISTS (SELECT FROM planning.programs AS prg WHERE prg.id = p_program_id) THEN 'PROGRAM_NOT_FOUND'
        WHEN p_scope_type = 'project' AND NOT EXISTS (SELECT FROM planning.projects AS prj WHERE prj.id = p_project_id) THEN 'PROJECT_NOT_FOUND'
    END, 'OK');
    IF code <> 'OK' THEN
        RETURN;
    END IF;
    INSERT INTO planning.scope_assignments AS sco (user_role_id, scope_type, program_id, project_id, is_active)
    VALUES (p_user_role_id, p_scope_type, p_program_id, p_project_id, p_is_active)
    RETURNING sco.id INTO scope_assignment_id;
    PERFORM planning.record_right(
        p_actor_id, v_user_id, 'SCOPE_ASSIGNED', (
            SELECT to_jsonb(sco) - ARRAY['created_at', 'updated_at', 'version']
            FROM planning.scope_assignments AS sco WHERE sco.id = scope_assignment_id
        )
    );
END;
$$;

COMMENT ON FUNCTION planning.assign_scope IS
'Always a new row. code: OK, or what is wrong (GLOBAL_WITH_TARGET, PROGRAM_REQUIRED, PROGRAM_WITH_PROJECT, PROGRAM_NOT_FOUND, PROJECT_REQUIRED, PROJECT_WITH_PROGRAM, PROJECT_NOT_FOUND, SCOPE_TYPE_UNKNOWN, USER_ROLE_NOT_FOUND); then nothing is changed. p_actor_id: who acts, with manage_roles in a role whose scope opens what he gives; 42501 without it.';

REVOKE ALL ON FUNCTION planning.assign_scope FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.assign_scope TO tidemark_app;

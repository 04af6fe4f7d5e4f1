-- What a grant opens in each bi view of planning, told from the tables: projects that a scope of a role opens which grants the permission.
-- name: planning_actual
-- kind: user
SELECT * FROM bi.planning_actual WHERE project_id IN (
    SELECT prj.id FROM planning.projects AS prj, planning.users AS usr
    JOIN planning.user_roles AS rol ON rol.user_id = usr.id JOIN planning.role_permissions AS rp USING (role_type)
    JOIN planning.scope_assignments AS sco ON sco.user_role_id = rol.id
    WHERE usr.id = :value::uuid AND usr.is_active AND rol.is_active AND sco.is_active AND rp.permission = 'read_actual'
        AND (sco.scope_type = 'global' OR sco.program_id = prj.program_id OR sco.project_id = prj.id));
-- name: planning_assignment
-- kind: user
SELECT * FROM bi.planning_assignment WHERE project_id IN (
    SELECT prj.id FROM planning.projects AS prj, planning.users AS usr
    JOIN planning.user_roles AS rol ON rol.user_id = usr.id JOIN planning.role_permissions AS rp USING (role_type)
    JOIN planning.scope_assignments AS sco ON sco.user_role_id = rol.id
    WHERE usr.id = :value::uuid AND usr.is_active AND rol.is_active AND sco.is_active AND rp.permission = 'read_assignment'
        AND (sco.scope_type = 'global' OR sco.program_id = prj.program_id OR sco.project_id = prj.id));
-- name: planning_phase_budget
-- kind: user
SELECT * FROM bi.planning_phase_budget WHERE project_id IN (
    SELECT prj.id FROM planning.projects AS prj, planning.users AS usr
    JOIN planning.user_roles AS rol ON rol.user_id = usr.id JOIN planning.role_permissions AS rp USING (role_type)
    JOIN planning.scope_assignments AS sco ON sco.user_role_id = rol.id
    WHERE usr.id = :value::uuid AND usr.is_active AND rol.is_active AND sco.is_active AND rp.permission = 'view_budget'
        AND (sco.scope_type = 'global' OR sco.program_id = prj.program_id OR sco.project_id = prj.id));
-- name: planning_project
-- kind: user
SELECT * FROM bi.planning_project WHERE project_id IN (
    SELECT prj.id FROM planning.projects AS prj, planning.users AS usr
    JOIN planning.user_roles AS rol ON rol.user_id = usr.id JOIN planning.role_permissions AS rp USING (role_type)
    JOIN planning.scope_assignments AS sco ON sco.user_role_id = rol.id
    WHERE usr.id = :value::uuid AND usr.is_active AND rol.is_active AND sco.is_active AND rp.permission = 'read_project'
        AND (sco.scope_type = 'global' OR sco.program_id = prj.program_id OR sco.project_id = prj.id));
-- name: planning_project_forecast
-- kind: user
SELECT * FROM bi.planning_project_forecast WHERE project_id IN (
    SELECT prj.id FROM planning.projects AS prj WHERE (
        SELECT count(DISTINCT rp.permission) FROM planning.users AS usr
        JOIN planning.user_roles AS rol ON rol.user_id = usr.id JOIN planning.role_permissions AS rp USING (role_type)
        JOIN planning.scope_assignments AS sco ON sco.user_role_id = rol.id
        WHERE usr.id = :value::uuid AND usr.is_active AND rol.is_active AND sco.is_active AND rp.permission IN ('view_budget', 'view_forecast')
            AND (sco.scope_type = 'global' OR sco.program_id = prj.program_id OR sco.project_id = prj.id)) = 2);
-- name: planning_monthly_cost
-- kind: user
SELECT * FROM bi.planning_monthly_cost WHERE project_id IN (
    SELECT prj.id FROM planning.projects AS prj, planning.users AS usr
    JOIN planning.user_roles AS rol ON rol.user_id = usr.id JOIN planning.role_permissions AS rp USING (role_type)
    JOIN planning.scope_assignments AS sco ON sco.user_role_id = rol.id
    WHERE usr.id = :value::uuid AND usr.is_active AND rol.is_active AND sco.is_active AND rp.permission = 'view_reports'
        AND (sco.scope_type = 'global' OR sco.program_id = prj.program_id OR sco.project_id = prj.id));
-- name: planning_variance
-- kind: user
SELECT * FROM bi.planning_variance WHERE project_id IN (
    SELECT prj.id FROM planning.projects AS prj, planning.users AS usr
    JOIN planning.user_roles AS rol ON rol.user_id = usr.id JOIN planning.role_permissions AS rp USING (role_type)
    JOIN planning.scope_assignments AS sco ON sco.user_role_id = rol.id
    WHERE usr.id = :value::uuid AND usr.is_active AND rol.is_active AND sco.is_active AND rp.permission = 'view_reports'
        AND (sco.scope_type = 'global' OR sco.program_id = prj.program_id OR sco.project_id = prj.id));
-- name: planning_worker_day
-- kind: user
SELECT * FROM bi.planning_worker_day WHERE project_id IN (
    SELECT prj.id FROM planning.projects AS prj, planning.users AS usr
    JOIN planning.user_roles AS rol ON rol.user_id = usr.id JOIN planning.role_permissions AS rp USING (role_type)
    JOIN planning.scope_assignments AS sco ON sco.user_role_id = rol.id
    WHERE usr.id = :value::uuid AND usr.is_active AND rol.is_active AND sco.is_active AND rp.permission = 'view_reports'
        AND (sco.scope_type = 'global' OR sco.program_id = prj.program_id OR sco.project_id = prj.id));
-- name: planning_over_allocation
-- kind: user
SELECT * FROM bi.planning_over_allocation AS con WHERE NOT EXISTS (
    SELECT FROM planning.resource_assignments AS asg WHERE asg.resource_id = con.resource_id AND asg.assignment_date = con.assigned_on
    AND asg.project_id NOT IN (
        SELECT prj.id FROM planning.projects AS prj, planning.users AS usr
        JOIN planning.user_roles AS rol ON rol.user_id = usr.id JOIN planning.role_permissions AS rp USING (role_type)
        JOIN planning.scope_assignments AS sco ON sco.user_role_id = rol.id
        WHERE usr.id = :value::uuid AND usr.is_active AND rol.is_active AND sco.is_active AND rp.permission = 'read_assignment'
            AND (sco.scope_type = 'global' OR sco.program_id = prj.program_id OR sco.project_id = prj.id)));

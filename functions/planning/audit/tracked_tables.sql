-- planning.tracked_tables
-- Rights, settings, rates and budgets are recorded, also where they are written directly.
-- requires: audit.track()
-- source:   docs/audit.md, "What is followed"

-- Under a name of their own: the entries of planning are acts of its users, who are UUIDs, and who writes directly is a role.
SELECT audit.track('planning.users', p_family => 'planning_tables');
SELECT audit.track('planning.permissions', p_family => 'planning_tables');
SELECT audit.track('planning.role_permissions', p_family => 'planning_tables');
SELECT audit.track('planning.user_roles', p_family => 'planning_tables');
SELECT audit.track('planning.scope_assignments', p_family => 'planning_tables');
SELECT audit.track('planning.settings', p_family => 'planning_tables');
SELECT audit.track('planning.rates', p_family => 'planning_tables');
SELECT audit.track('planning.projects', p_family => 'planning_tables');
SELECT audit.track('planning.project_phases', p_family => 'planning_tables');

-- Undo 0005_planning_people.

DROP TABLE planning.scope_assignments;
DROP TABLE planning.user_roles;
DROP TABLE planning.role_permissions;
DROP TABLE planning.permissions;
DROP TABLE planning.users;

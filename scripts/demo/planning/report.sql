-- What the demonstration of planning shows: one result a table, read through the public functions and views.
-- facts: one row, whose values every other statement and title may use.

-- name: is_filled
SELECT EXISTS (SELECT FROM planning.projects);

-- name: facts
-- A user who sees a part: of those without a global scope the one who reaches most projects.
SELECT
    usr.id AS user_id,
    usr.username,
    (SELECT to_char(count(*), 'FM999,999') FROM planning.projects) AS projects
FROM planning.users AS usr
CROSS JOIN LATERAL planning.access_of(usr.id) AS own
WHERE NOT own.has_global_scope
ORDER BY own.accessible_project_count DESC, usr.id
LIMIT 1;

-- name: roles
-- title: Roles, and how far their scopes go
SELECT
    acc.role_type AS role,
    count(*) AS users,
    count(*) FILTER (WHERE acc.has_global_scope) AS of_everything,
    count(*) FILTER (WHERE NOT acc.has_global_scope AND acc.program_ids <> '{}') AS of_programs,
    count(*) FILTER (WHERE NOT acc.has_global_scope AND acc.program_ids = '{}' AND acc.project_ids <> '{}') AS of_projects
FROM planning.user_access_by_role AS acc
WHERE acc.role_type IS NOT NULL
GROUP BY acc.role_type
ORDER BY acc.role_type;

-- name: rights
-- title: What {username} may do with how many of {projects} projects
SELECT
    prm.permission,
    count(*) FILTER (WHERE prj.is_allowed) AS projects
FROM planning.permissions_of(%(user_id)s) AS prm
CROSS JOIN LATERAL planning.projects_of(%(user_id)s, prm.permission) AS prj
GROUP BY prm.permission
ORDER BY 2 DESC, prm.permission
LIMIT 12;

-- name: projects
-- title: The first projects that {username} may read
SELECT
    lst.name,
    lst.start_date,
    lst.end_date,
    lst.total
FROM planning.project_list(%(user_id)s, p_size => 5) AS lst;

-- What roles and scopes open, and what every answer about it makes of them.
BEGIN;
SELECT plan(11);

-- One organisation: project 3 with phases 41 and 42, project 31 beside it; people 91 and 92, money 93 and 94.
CREATE FUNCTION pg_temp.k(n integer) RETURNS uuid LANGUAGE sql IMMUTABLE
RETURN ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid;
INSERT INTO planning.portfolios (id, name, description, owner, reporting_start_date, reporting_end_date)
SELECT pg_temp.k(n), 'p', 'd', 'o', '2025-01-01', '2025-12-31' FROM unnest('{1,11}'::integer[]) AS n;
INSERT INTO planning.programs (id, portfolio_id, name, business_sponsor, program_manager, technical_lead, start_date, end_date)
VALUES (pg_temp.k(2), pg_temp.k(1), 'g', 'b', 'm', 't', '2025-01-01', '2025-12-31'), (pg_temp.k(21), pg_temp.k(11), 'g', 'b', 'm', 't', '2025-01-01', '2025-12-31');
INSERT INTO planning.projects (id, program_id, name, business_sponsor, project_manager, technical_lead, start_date, end_date, cost_center_code)
VALUES (pg_temp.k(3), pg_temp.k(2), 'j', 'b', 'm', 't', '2025-01-01', '2025-12-31', 'TAP-1'),
(pg_temp.k(31), pg_temp.k(2), 'j', 'b', 'm', 't', '2025-01-01', '2025-12-31', 'TAP-2');

INSERT INTO planning.programs (id, portfolio_id, name, business_sponsor, program_manager, technical_lead, start_date, end_date)
VALUES (pg_temp.k(22), pg_temp.k(1), 'without a project', 'b', 'm', 't', '2025-01-01', '2025-12-31');
INSERT INTO planning.users (id, username, email, is_active)
SELECT pg_temp.k(n), 'tap' || n, 'tap' || n, n <> 505 FROM generate_series(501, 508) AS n;
INSERT INTO planning.user_roles (id, user_id, role_type, is_active)
SELECT pg_temp.k(rol.n), pg_temp.k(rol.usr), rol.role_type, rol.n <> 603 FROM (VALUES
    (601, 501, 'viewer'), (602, 501, 'project_manager'), (603, 502, 'admin'), (604, 503, 'viewer'), (605, 505, 'admin'), (606, 506, 'program_manager'), (607, 507, 'resource_manager'),
    (608, 508, 'finance_manager')
) AS rol (n, usr, role_type);
INSERT INTO planning.scope_assignments (user_role_id, scope_type, program_id, project_id, is_active)
SELECT pg_temp.k(sco.role), sco.kind, pg_temp.k(sco.program), pg_temp.k(sco.project), sco.is_active FROM (VALUES
    (601, 'global', NULL, NULL, true), (602, 'project', NULL, 31, true), (602, 'project', NULL, 3, true), (602, 'project', NULL, 3, true), (602, 'program', 21, NULL, true), (602, 'program', 2, NULL, true),
    (603, 'global', NULL, NULL, true), (604, 'global', NULL, NULL, false), (605, 'global', NULL, NULL, true), (606, 'program', 2, NULL, true), (607, 'project', NULL, 3, true),
    (608, 'program', 22, NULL, true)
) AS sco (role, kind, program, project, is_active);

SELECT results_eq(
    $$ SELECT right(acc.user_id::text, 3), acc.role_type, acc.has_global_scope, acc.program_ids, acc.project_ids FROM planning.user_access AS acc
    WHERE acc.user_id >= pg_temp.k(501) AND acc.user_id <= pg_temp.k(508) ORDER BY acc.user_id, acc.role_type $$,
    $$ VALUES
        ('501', 'project_manager', false, ARRAY[pg_temp.k(2), pg_temp.k(21)], ARRAY[pg_temp.k(3), pg_temp.k(31)]), ('501', 'viewer', true, '{}', '{}'),
        ('502', NULL, false, '{}', '{}'), ('503', 'viewer', false, '{}', '{}'), ('504', NULL, false, '{}', '{}'), ('505', NULL, false, '{}', '{}'),
        ('506', 'program_manager', false, ARRAY[pg_temp.k(2)], '{}'), ('507', 'resource_manager', false, '{}', ARRAY[pg_temp.k(3)]),
        ('508', 'finance_manager', false, ARRAY[pg_temp.k(22)], '{}') $$,
    'Active scopes of active roles of active users, each once and sorted'
);
SELECT results_eq(
    $$ SELECT reach.sees_all, reach.program_ids, reach.project_ids FROM (VALUES
        (1, '{501}'::integer[], 'read_project'), (2, '{501}', 'update_project'), (3, '{506,507}', 'read_project'), (4, '{507,501}', 'create_worker'), (5, '{502,503,504,505,599}', 'read_project'), (6, '{501}', 'nothing')
    ) AS cas (n, users, permission)
    CROSS JOIN LATERAL planning.reach_of(ARRAY(SELECT pg_temp.k(one) FROM unnest(cas.users) AS one), cas.permission) AS reach ORDER BY cas.n $$,
    $$ VALUES (true, ARRAY[pg_temp.k(2), pg_temp.k(21)], ARRAY[pg_temp.k(3), pg_temp.k(31)]), (false, ARRAY[pg_temp.k(2), pg_temp.k(21)], ARRAY[pg_temp.k(3), pg_temp.k(31)]),
        (false, ARRAY[pg_temp.k(2)], ARRAY[pg_temp.k(3)]), (false, '{}', ARRAY[pg_temp.k(3)]), (false, '{}', '{}'), (false, '{}', '{}') $$,
    'Scopes count of roles that grant the permission'
);
INSERT INTO planning.resource_assignments (resource_id, project_id, assignment_date, capital_percentage, expense_percentage) SELECT pg_temp.k(91), pg_temp.k(3), '2025-02-02', 0, 0
WHERE EXISTS (SELECT FROM planning.resources AS res WHERE res.id = pg_temp.k(91));
SELECT results_eq(
    $$ SELECT planning.may(pg_temp.k(usr), permission, pg_temp.k(thing), kind) FROM (VALUES
        (1, 507, 'read_project', 3, 'project'), (2, 507, 'read_project', 31, 'project'), (3, 507, 'read_program', 2, 'program'), (4, 507, 'create_worker', 2, 'program'), (5, 507, 'read_program', 21, 'program'),
        (6, 507, 'read_portfolio', 1, 'portfolio'), (7, 507, 'create_worker', 1, 'portfolio'), (8, 507, 'read_portfolio', 11, 'portfolio'), (9, 506, 'update_project', 31, 'project'), (10, 506, 'update_program', 2, 'program'),
        (11, 506, 'update_program', 22, 'program'), (12, 506, 'update_program', 1, 'portfolio'), (13, 506, 'read_portfolio', 11, 'portfolio'), (14, 501, 'read_project', 3, 'all'), (15, 501, 'update_project', 3, 'all'),
        (16, 501, 'read_program', 22, 'program'), (17, 501, 'read_portfolio', 11, 'portfolio'), (18, 501, 'read_project', 399, 'project'), (19, 501, 'read_program', 299, 'program'), (20, 501, 'read_portfolio', 199, 'portfolio'),
        (21, 501, 'read_project', 3, 'planet'), (22, 599, 'read_project', 3, 'project'), (23, 508, 'read_portfolio', 1, 'portfolio'), (24, 508, 'read_portfolio', 11, 'portfolio'), (25, 505, 'read_project', 3, 'all'),
        (26, 501, 'update_project', 31, 'project'), (27, 508, 'read_project', 3, 'project'), (28, 508, 'read_program', 22, 'program'), (29, 508, 'read_program', 2, 'program')
    ) AS cas (n, usr, permission, thing, kind) ORDER BY n $$,
    $$ VALUES (true), (false), (true), (false), (false), (true), (false), (false), (true), (true), (false), (true), (false), (true), (false), (true), (true), (false), (false), (false), (false), (false), (true), (false),
        (false), (true), (false), (true), (false) $$,
    'One role grants and opens; a project opens what is above it to read'
);
INSERT INTO planning.worker_types (id, type, description) VALUES (pg_temp.k(5), 'tap', 'd');
INSERT INTO planning.workers (id, worker_type_id, external_id, name) VALUES (pg_temp.k(71), pg_temp.k(5), 'T1', 'w'), (pg_temp.k(72), pg_temp.k(5), 'T2', 'w');
INSERT INTO planning.resource_roles (id, name) VALUES (pg_temp.k(8), 'tap');
INSERT INTO planning.resources (id, name, resource_type, worker_id, resource_role_id)
VALUES (pg_temp.k(91), 'a', 'LABOR', pg_temp.k(71), pg_temp.k(8)), (pg_temp.k(92), 'b', 'LABOR', pg_temp.k(72), pg_temp.k(8)), (pg_temp.k(93), 'c', 'NON_LABOR', NULL, NULL);
INSERT INTO planning.resource_assignments (resource_id, project_id, assignment_date, capital_percentage, expense_percentage)
VALUES (pg_temp.k(91), pg_temp.k(3), '2025-02-02', 0, 0), (pg_temp.k(92), pg_temp.k(31), '2025-02-02', 0, 0);
SELECT results_eq(
    $$ SELECT planning.may(pg_temp.k(usr), 'read_resource', pg_temp.k(thing), 'resource') FROM (VALUES (1, 507, 91), (2, 507, 92), (3, 507, 93), (4, 506, 92), (5, 501, 93), (6, 501, 99), (7, 508, 91)) AS cas (n, usr, thing) ORDER BY n $$,
    $$ VALUES (true), (false), (false), (true), (true), (false), (false) $$, 'A resource is opened by an assignment on what is opened'
);
SELECT results_eq(
    $$ SELECT n, string_agg(right(id::text, 2) || CASE WHEN is_allowed THEN '+' ELSE '-' END, ' ' ORDER BY id) FROM (
        SELECT 1 AS n, one.project_id AS id, one.is_allowed FROM planning.projects_of(pg_temp.k(507), 'read_project') AS one
        UNION ALL SELECT 2, one.* FROM planning.projects_of(pg_temp.k(507), 'update_project') AS one
        UNION ALL SELECT 3, one.* FROM planning.projects_of(pg_temp.k(506), 'update_project') AS one
        UNION ALL SELECT 4, one.* FROM planning.programs_of(pg_temp.k(507), 'read_program') AS one
        UNION ALL SELECT 5, one.* FROM planning.programs_of(pg_temp.k(507), 'create_worker') AS one
        UNION ALL SELECT 6, one.* FROM planning.programs_of(pg_temp.k(506), 'update_program') AS one
        UNION ALL SELECT 7, one.* FROM planning.portfolios_of(pg_temp.k(507), 'read_portfolio') AS one
        UNION ALL SELECT 8, one.* FROM planning.portfolios_of(pg_temp.k(507), 'create_worker') AS one
        UNION ALL SELECT 9, one.* FROM planning.portfolios_of(pg_temp.k(508), 'read_portfolio') AS one
        UNION ALL SELECT 10, one.* FROM planning.projects_of(pg_temp.k(505), 'read_project') AS one
        UNION ALL SELECT 11, one.* FROM planning.projects_of(pg_temp.k(501), 'update_project') AS one WHERE one.project_id IN (pg_temp.k(3), pg_temp.k(31))
        UNION ALL SELECT 12, one.* FROM planning.programs_of(pg_temp.k(501), 'update_program') AS one WHERE one.program_id IN (pg_temp.k(2), pg_temp.k(21), pg_temp.k(22))
        UNION ALL SELECT 13, one.* FROM planning.portfolios_of(pg_temp.k(501), 'read_portfolio') AS one WHERE one.portfolio_id IN (pg_temp.k(1), pg_temp.k(11))
    ) AS opened GROUP BY n ORDER BY n $$,
    $$ VALUES (1, '03+'), (2, '03-'), (3, '03+ 31+'), (4, '02+'), (5, '02-'), (6, '02+'), (7, '01+'), (8, '01-'), (9, '01+'), (11, '03+ 31+'), (12, '02- 21- 22-'), (13, '01+ 11+') $$,
    'The union opens, a role that grants allows'
);
SELECT results_eq(
    $$ SELECT granted.sees_all, granted.project_ids FROM planning.reader_projects(ARRAY[pg_temp.k(507)::text, 'nobody', upper(pg_temp.k(506)::text || 'x')], 'read_project') AS granted $$,
    $$ VALUES (false, ARRAY[pg_temp.k(3)]) $$, 'A grant may name what is no user'
);
SELECT results_eq(
    $$ SELECT granted.sees_all, granted.project_ids FROM planning.reader_projects(ARRAY[pg_temp.k(501)::text], 'read_project') AS granted $$,
    $$ VALUES (true, '{}'::uuid[]) $$, 'Who sees all is told no list'
);
SELECT results_eq(
    $$ SELECT planning.has_any_permission(pg_temp.k(507), words), planning.has_all_permissions(pg_temp.k(507), words) FROM (VALUES (1, '{create_worker,update_budget}'::text[]), (2, '{create_worker,read_worker}'), (3, '{update_budget}')) AS cas (n, words) ORDER BY n $$,
    $$ VALUES (true, false), (true, true), (false, false) $$, 'One of several, or each'
);
SELECT results_eq(
    $$ SELECT own.is_allowed FROM unnest('{501,503,506,507}'::integer[]) AS usr CROSS JOIN LATERAL planning.permissions_of(pg_temp.k(usr)) AS own
    WHERE own.permission = 'read_project' ORDER BY usr $$,
    $$ VALUES (true), (false), (true), (true) $$, 'A permission counts when a scope goes with it'
);
SELECT is((SELECT count(*) FROM planning.user_access AS acc WHERE acc.user_id = pg_temp.k(599)), 0::bigint, 'An unknown user has no row');
DROP TABLE planning.access_answers_stored, planning.access_answers_computed;
SELECT results_eq($$ SELECT asked_count, computed_count, hit_pct FROM planning.access_hit_rate $$, $$ VALUES (0::bigint, 0::bigint, NULL::numeric) $$, 'Nothing asked is no share');

SELECT * FROM finish();
ROLLBACK;

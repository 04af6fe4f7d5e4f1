-- People: users, their roles, and what these open
-- The first user is an admin of everything; the next eight are active and inactive in every combination.

CREATE TEMP TABLE generated_role ON COMMIT DROP AS
WITH wanted AS (
    SELECT
        no AS user_no,
        CASE WHEN no <= 9 THEN 1
            ELSE pg_temp.choose(pg_temp.draw(no, 140), '{0.04,0.67,0.91,0.98}', '{0,1,2,3,4}')::integer
        END AS roles
    FROM pg_temp.generated_plan AS plan
    CROSS JOIN LATERAL generate_series(1, plan.users) AS no
),

-- more are drawn than wanted, as a user has each role once
tried AS (
    SELECT
        wanted.user_no,
        wanted.roles,
        CASE wanted.user_no WHEN 1 THEN 'admin'
            ELSE pg_temp.choose(
                    pg_temp.draw(wanted.user_no * 16 + try, 141), '{0.46,0.70,0.80,0.89,0.97}',
                    '{viewer,project_manager,program_manager,resource_manager,finance_manager,admin}'
                )
        END AS role_type,
        min(try) AS try
    FROM wanted
    CROSS JOIN generate_series(0, 11) AS try
    GROUP BY 1, 2, 3
)

SELECT
    ranked.*,
    ranked.user_no * 8 + ranked.place AS no,
    CASE WHEN ranked.user_no = 1 THEN TRUE
        WHEN ranked.user_no <= 9 THEN (ranked.user_no - 2) / 2 % 2 = 0
        ELSE pg_temp.draw(ranked.user_no * 8 + ranked.place, 142) >= 0.12
    END AS is_active
FROM (
    SELECT tried.*, row_number() OVER (PARTITION BY tried.user_no ORDER BY tried.try) AS place FROM tried
) AS ranked
WHERE ranked.place <= ranked.roles;

INSERT INTO planning.users (id, username, email, is_active)
SELECT
    pg_temp.id_of('user', plan.user_base + no),
    'user' || (plan.user_base + no),
    'user' || (plan.user_base + no) || '@example.com',
    CASE WHEN no = 1 THEN TRUE
        WHEN no <= 9 THEN (no - 2) % 2 = 0
        ELSE pg_temp.draw(no, 143) >= 0.07
    END
FROM pg_temp.generated_plan AS plan
CROSS JOIN LATERAL generate_series(1, plan.users) AS no;

INSERT INTO planning.user_roles (id, user_id, role_type, is_active)
SELECT
    pg_temp.id_of('user role', plan.user_base * 8 + role.no),
    pg_temp.id_of('user', plan.user_base + role.user_no),
    role.role_type,
    role.is_active
FROM pg_temp.generated_role AS role
CROSS JOIN pg_temp.generated_plan AS plan
ORDER BY role.no;

WITH scope AS (
    SELECT
        role.*,
        scope_no,
        role.no * 64 + scope_no AS draw_id,
        -- three of a hundred name again what the one before named
        role.no * 64 + scope_no - CASE WHEN scope_no > 1 AND pg_temp.draw(role.no * 64 + scope_no, 150) < 0.055 THEN 1 ELSE 0 END AS target_id
    FROM pg_temp.generated_role AS role
    CROSS JOIN LATERAL generate_series(1, CASE
        WHEN role.user_no <= 9 THEN 1
        WHEN pg_temp.draw(role.no, 151) < 0.01 THEN pg_temp.draw_int(role.no, 152, 10, 40)
        ELSE pg_temp.choose(pg_temp.draw(role.no, 153), '{0.03,0.48,0.74,0.88,0.95,0.98}', '{0,1,2,3,4,6,8}')::integer
    END) AS scope_no
),

typed AS (
    SELECT
        scope.*,
        CASE WHEN scope.user_no = 1 THEN 'global'
            WHEN scope.user_no <= 9 THEN 'program'
            ELSE pg_temp.choose(pg_temp.draw(scope.target_id, 154), '{0.55,0.93}', '{project,program,global}')
        END AS scope_type
    FROM scope
)

INSERT INTO planning.scope_assignments (id, user_role_id, scope_type, program_id, project_id, is_active)
SELECT
    pg_temp.id_of('scope', plan.user_base * 512 + typed.draw_id),
    pg_temp.id_of('user role', plan.user_base * 8 + typed.no),
    typed.scope_type,
    CASE typed.scope_type WHEN 'program'
            THEN pg_temp.id_of('program', plan.program_base + pg_temp.share_of(plan.programs, pg_temp.draw(typed.target_id, 155)))
    END,
    CASE typed.scope_type WHEN 'project'
            THEN pg_temp.id_of('project', plan.project_base + pg_temp.share_of(plan.projects, pg_temp.draw(typed.target_id, 156)))
    END,
    CASE WHEN typed.user_no = 1 THEN TRUE
        WHEN typed.user_no <= 9 THEN (typed.user_no - 2) / 4 = 0
        ELSE pg_temp.draw(typed.draw_id, 157) >= 0.12
    END
FROM typed
CROSS JOIN pg_temp.generated_plan AS plan
ORDER BY typed.draw_id;

ANALYZE planning.users, planning.user_roles, planning.scope_assignments;

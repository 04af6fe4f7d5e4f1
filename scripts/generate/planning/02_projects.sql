-- Projects: portfolios, programs and projects
-- Programs differ in size by a flattened law of Zipf: the largest has about 6 per cent of the projects, some have none.

INSERT INTO planning.portfolios (id, name, description, owner, reporting_start_date, reporting_end_date)
SELECT
    pg_temp.id_of('portfolio', plan.portfolio_base + no),
    'Portfolio ' || (plan.portfolio_base + no),
    CASE WHEN no = plan.portfolios THEN 'It has no program yet.' ELSE 'Programs of one part of the company.' END,
    'Owner ' || no,
    plan.first_day,
    plan.last_day + 366
FROM pg_temp.generated_plan AS plan
CROSS JOIN LATERAL generate_series(1, plan.portfolios) AS no;

INSERT INTO planning.programs (
    id, portfolio_id, name, business_sponsor, program_manager, technical_lead, start_date, end_date
)
SELECT
    pg_temp.id_of('program', plan.program_base + no),
    -- the last portfolio stays without
    pg_temp.id_of('portfolio', plan.portfolio_base + pg_temp.share_of(plan.portfolios - 1, pg_temp.draw(no, 1))),
    'Program ' || (plan.program_base + no),
    'Sponsor ' || no % 40,
    'Program manager ' || no,
    'Lead ' || no % 60,
    plan.first_day - pg_temp.draw_int(no, 2, 0, 200),
    plan.last_day + pg_temp.draw_int(no, 3, 30, 900)
FROM pg_temp.generated_plan AS plan
CROSS JOIN LATERAL generate_series(1, plan.programs) AS no;

CREATE TEMP TABLE generated_project ON COMMIT DROP AS
WITH program AS (
    SELECT array_agg(cumulated.share ORDER BY cumulated.no) AS bounds
    FROM (
        SELECT
            no,
            sum(1 / power(no + 5, 1.1::float8)) OVER (ORDER BY no) / sum(1 / power(no + 5, 1.1::float8)) OVER () AS share
        FROM pg_temp.generated_plan AS plan
        -- two per cent of the programs, the last ones, have no project
        CROSS JOIN LATERAL generate_series(1, plan.programs - greatest(plan.programs / 50, 1)) AS no
    ) AS cumulated
    WHERE cumulated.share < 0.999999999
),

drawn AS (
    SELECT
        plan.*,
        no,
        1 + width_bucket(pg_temp.draw(no, 10), program.bounds) AS program_no,
        least(greatest(round(exp(5.0106 + 0.85 * pg_temp.draw_normal(no, 11))), 5), 960)::integer AS days,
        pg_temp.draw(no, 15) AS standing,
        pg_temp.draw(no, 16) AS place
    FROM pg_temp.generated_plan AS plan
    CROSS JOIN program
    CROSS JOIN LATERAL generate_series(1, plan.projects) AS no
),

started AS (
    SELECT
        drawn.*,
        CASE
            WHEN drawn.standing < 0.55 THEN drawn.first_day + floor(drawn.place * (974 - drawn.days))::integer
            WHEN drawn.standing < 0.90 THEN drawn.as_of - floor(drawn.place * drawn.days)::integer
            ELSE drawn.as_of + 1 + floor(drawn.place * 110)::integer
        END AS start_date
    FROM drawn
)

SELECT
    started.no,
    started.program_no,
    started.start_date,
    started.start_date + started.days AS end_date,
    pg_temp.id_of('project', started.project_base + started.no) AS id
FROM started;

CREATE UNIQUE INDEX ON pg_temp.generated_project (no);
ANALYZE generated_project;

INSERT INTO planning.projects (
    id, program_id, name, business_sponsor, project_manager, technical_lead, start_date, end_date, cost_center_code, currency_code
)
SELECT
    project.id,
    pg_temp.id_of('program', plan.program_base + project.program_no),
    pg_temp.choose(pg_temp.draw(project.no, 20), '{0.3,0.5,0.7,0.9}', '{Renewal,Migration,Platform,Reporting,Rollout}')
    || ' ' || (plan.project_base + project.no),
    'Sponsor ' || project.no % 80,
    'Manager ' || project.no % greatest(plan.projects / 3, 1),
    'Lead ' || project.no % 200,
    project.start_date,
    project.end_date,
    'G-' || lpad((plan.project_base + project.no)::text, 6, '0'),
    pg_temp.choose(pg_temp.draw(project.no, 21), '{0.92,0.98}', '{USD,EUR,GBP}')
FROM pg_temp.generated_project AS project
CROSS JOIN pg_temp.generated_plan AS plan
ORDER BY project.no;

ANALYZE planning.portfolios, planning.programs, planning.projects;

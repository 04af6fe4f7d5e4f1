-- Organisation: lines of business in seven levels, the teams that answer for them, and the users
-- One line of business to 25 models (as far as five digits number them), one owner to 10.

-- Each level has at least one unit; a unit hangs under a drawn unit of the level above.
CREATE TEMP TABLE generated_lob ON COMMIT DROP AS
WITH free AS (
    SELECT
        row_number() OVER (ORDER BY number.no) AS n,
        number.no::text AS org_unit
    FROM generate_series(10000, 99999) AS number (no)
    WHERE NOT EXISTS (SELECT FROM model_risk.lob_units AS used WHERE used.org_unit = number.no::text)
),

size AS (
    SELECT least(plan.lob_units, (SELECT count(*) FROM free)::integer) AS units
    FROM pg_temp.generated_plan AS plan
),

bounds AS (  -- last unit number of each level
    SELECT
        level.no AS level,
        level.no + floor((size.units - 7) * level.cumulated_share)::integer AS last_n,
        lag(level.no + floor((size.units - 7) * level.cumulated_share)::integer, 1, 0)
            OVER (ORDER BY level.no) AS before_n
    FROM size
    CROSS JOIN (
        VALUES
        (1, 0.003::float8), (2, 0.013), (3, 0.043), (4, 0.143), (5, 0.343), (6, 0.643), (7, 1)
    ) AS level (no, cumulated_share)
)

SELECT
    free.n,
    free.org_unit,
    bounds.level,
    base.lob_id + free.n AS lob_id,
    base.lob_id + pg_temp.draw_int(free.n, 10, parents.before_n + 1, parents.last_n) AS parent_id,
    pg_temp.draw(free.n, 11) < (ARRAY[0, 0.4, 0.75, 0.3, 0.15, 0.12, 0.1])[bounds.level] AS has_team
FROM bounds
INNER JOIN free ON free.n BETWEEN bounds.before_n + 1 AND bounds.last_n
LEFT JOIN bounds AS parents ON parents.level = bounds.level - 1
CROSS JOIN (SELECT coalesce(max(lob_id), 0) AS lob_id FROM model_risk.lob_units) AS base;

INSERT INTO model_risk.lob_units (lob_id, parent_id, team_id, code, name, level, org_unit, is_active)
SELECT
    unit.lob_id::integer,
    unit.parent_id::integer,
    CASE WHEN unit.has_team THEN team.ids[pg_temp.draw_int(unit.n, 12, 1, cardinality(team.ids))] END,
    'U' || unit.org_unit,
    (ARRAY[
        'Retail', 'Cards', 'Mortgages', 'Small Business', 'Capital Markets', 'Credit Trading', 'Rates', 'FX',
        'Treasury', 'Liquidity', 'Payments', 'Wealth', 'Insurance', 'Leasing', 'Advisory', 'Collections'
    ])[pg_temp.draw_int(unit.n, 13, 1, 16)] || ' ' || unit.org_unit,
    unit.level,
    unit.org_unit,
    pg_temp.draw(unit.n, 14) >= 0.04
FROM pg_temp.generated_lob AS unit
CROSS JOIN (SELECT array_agg(team_id ORDER BY team_id) AS ids FROM model_risk.teams) AS team
ORDER BY unit.lob_id;

WITH person AS (
    SELECT
        number.n,
        plan.user_base + number.n AS user_id,
        (ARRAY[
            'Avery', 'Blake', 'Casey', 'Dana', 'Eden', 'Finley', 'Gray', 'Harper', 'Indra', 'Jules', 'Kai', 'Lee',
            'Morgan', 'Noor', 'Oakley', 'Parker', 'Quinn', 'Riley', 'Sasha', 'Taylor', 'Uma', 'Val', 'Wren', 'Yuri'
        ])[pg_temp.draw_int(number.n, 15, 1, 24)] AS first_name,
        (ARRAY[
            'Abbott', 'Baker', 'Chen', 'Diaz', 'Evans', 'Fischer', 'Garcia', 'Hughes', 'Ito', 'Jensen', 'Khan', 'Lopez',
            'Meyer', 'Nguyen', 'Okafor', 'Patel', 'Quist', 'Rossi', 'Silva', 'Tanaka', 'Ueda', 'Vogel', 'Weber',
            'Xu', 'Young', 'Zeller'
        ])[pg_temp.draw_int(number.n, 16, 1, 26)] AS last_name,
        (ARRAY['ADMIN', 'GLOBAL_APPROVER', 'REGIONAL_APPROVER', 'VALIDATOR', 'USER'])[1 + width_bucket(
            number.n,
            ARRAY[
                plan.admins + 1,
                plan.admins + plan.global_approvers + 1,
                plan.admins + plan.global_approvers + plan.regional_approvers + 1,
                plan.admins + plan.global_approvers + plan.regional_approvers + plan.validators + 1
            ]
        )] AS role_code
    FROM pg_temp.generated_plan AS plan
    CROSS JOIN LATERAL generate_series(
        1, plan.admins + plan.global_approvers + plan.regional_approvers + plan.validators + plan.owners
    ) AS number (n)
)

INSERT INTO model_risk.users (user_id, email, full_name, role_code, lob_id)
SELECT
    person.user_id,
    lower(person.first_name || '.' || person.last_name || '.' || person.user_id || '@bank.example' COLLATE "C"),
    person.first_name || ' ' || person.last_name,
    person.role_code,
    unit.first_id + floor(pg_temp.draw(person.n, 17) * unit.units)::integer
FROM person
CROSS JOIN (SELECT min(lob_id)::integer AS first_id, count(*) AS units FROM pg_temp.generated_lob) AS unit
ORDER BY person.user_id;

ANALYZE model_risk.lob_units, model_risk.users;

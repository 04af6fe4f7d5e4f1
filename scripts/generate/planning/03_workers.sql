-- Workers: their types with rates, resources, and things that cost money
-- Of 24 types one has no rate and two have a gap between two rates; most rates change in January or July.

INSERT INTO planning.worker_types (id, type, description)
SELECT
    pg_temp.id_of('type', plan.type_base + no),
    'Type ' || (plan.type_base + no),
    CASE no WHEN 24 THEN 'Has no rate.' ELSE 'Has a daily rate.' END
FROM pg_temp.generated_plan AS plan
CROSS JOIN generate_series(1, 24) AS no;

WITH change AS (
    SELECT
        plan.type_base,
        type_no,
        change.day::date AS day
    FROM pg_temp.generated_plan AS plan
    CROSS JOIN generate_series(1, 23) AS type_no
    CROSS JOIN LATERAL (
        SELECT (plan.first_day - 400)::timestamp AS day
        UNION ALL
        SELECT half.day + make_interval(days => CASE WHEN pg_temp.draw(type_no * 100 + half.no, 30) < 0.1 THEN 14 ELSE 0 END)
        FROM generate_series(date_trunc('year', plan.first_day::timestamp), plan.last_day::timestamp, interval '6 months')
        WITH ORDINALITY AS half (day, no)
        WHERE (half.no + type_no) % 2 = 0
    ) AS change
),

numbered AS (
    SELECT
        change.*,
        row_number() OVER own AS no,
        lead(change.day) OVER own AS next_day
    FROM change
    WINDOW own AS (PARTITION BY change.type_no ORDER BY change.day)
)

INSERT INTO planning.rates (id, worker_type_id, rate_amount, start_date, end_date)
SELECT
    pg_temp.id_of('rate', (numbered.type_base + numbered.type_no) * 100 + numbered.no),
    pg_temp.id_of('type', numbered.type_base + numbered.type_no),
    round((250 + 1400 * pg_temp.draw(numbered.type_no, 31)) * (1 + 0.03 * (numbered.no - 1)))::numeric
    + CASE WHEN pg_temp.draw(numbered.type_no * 100 + numbered.no, 32) < 0.7 THEN 0
        ELSE pg_temp.draw_int(numbered.type_no * 100 + numbered.no, 33, 1, 99)
    END / 100.0,
    numbered.day,
    numbered.next_day - CASE WHEN numbered.type_no IN (22, 23) AND numbered.no = 2 THEN 21 ELSE 1 END
FROM numbered;

ANALYZE planning.worker_types, planning.rates;

CREATE TEMP TABLE generated_rate ON COMMIT DROP AS
SELECT
    type_no,
    day.day::date AS day,
    rat.rate_amount
FROM pg_temp.generated_plan AS plan
CROSS JOIN generate_series(1, 24) AS type_no
CROSS JOIN LATERAL generate_series(plan.first_day::timestamp, plan.last_day::timestamp, interval '1 day') AS day (day)
LEFT JOIN planning.rates AS rat
    ON rat.worker_type_id = pg_temp.id_of('type', plan.type_base + type_no) AND rat.start_date <= day.day::date
        AND (rat.end_date IS NULL OR day.day::date <= rat.end_date);

COMMENT ON TABLE pg_temp.generated_rate IS 'Rate of each type on each day, NULL: none.';
CREATE UNIQUE INDEX ON pg_temp.generated_rate (type_no, day);
ANALYZE generated_rate;

CREATE TEMP TABLE generated_worker ON COMMIT DROP AS
SELECT
    no,
    pg_temp.id_of('worker', plan.worker_base + no) AS id,
    pg_temp.id_of('labor', plan.worker_base + no) AS resource_id,
    -- the last types are rare
    1 + floor(24 * pg_temp.draw(no, 40) * sqrt(pg_temp.draw(no, 40)))::integer AS type_no,
    'W' || lpad((plan.worker_base + no)::text, 6, '0') AS external_id,
    (ARRAY['Ada', 'Ben', 'Cleo', 'Dan', 'Eva', 'Finn', 'Gita', 'Hugo', 'Ines', 'Jon', 'Kaya', 'Leo', 'Mara', 'Nils', 'Oda', 'Paul'])[1 + no % 16]
    || ' ' ||
    (ARRAY['Abel', 'Brandt', 'Costa', 'Diaz', 'Evans', 'Fox', 'Graf', 'Hill', 'Ito', 'Jung', 'Khan', 'Lang', 'Moss'])[1 + no / 16 % 13]
    || ' ' || (plan.worker_base + no) AS name
FROM pg_temp.generated_plan AS plan
CROSS JOIN LATERAL generate_series(1, plan.workers) AS no;

CREATE UNIQUE INDEX ON pg_temp.generated_worker (no);
ANALYZE generated_worker;

INSERT INTO planning.workers (id, worker_type_id, external_id, name, cost_center_code)
SELECT
    worker.id,
    pg_temp.id_of('type', plan.type_base + worker.type_no),
    worker.external_id,
    worker.name,
    'CC-' || lpad((worker.no % 90)::text, 4, '0')
FROM pg_temp.generated_worker AS worker
CROSS JOIN pg_temp.generated_plan AS plan
ORDER BY worker.no;

INSERT INTO planning.resource_roles (id, name, description)
SELECT
    pg_temp.id_of('role', plan.role_base + no),
    'Role ' || (plan.role_base + no),
    (ARRAY['Analysis', 'Architecture', 'Development', 'Test', 'Operations', 'Design', 'Training', 'Management'])[no]
FROM pg_temp.generated_plan AS plan
CROSS JOIN generate_series(1, 8) AS no;

-- one worker of a hundred is no resource
INSERT INTO planning.resources (id, name, resource_type, worker_id, resource_role_id)
SELECT
    worker.resource_id,
    worker.name,
    'LABOR',
    worker.id,
    pg_temp.id_of('role', plan.role_base + pg_temp.draw_int(worker.no, 42, 1, 8))
FROM pg_temp.generated_worker AS worker
CROSS JOIN pg_temp.generated_plan AS plan
WHERE worker.no % 100 <> 0
ORDER BY worker.no;

INSERT INTO planning.resources (id, name, resource_type, description)
SELECT
    pg_temp.id_of('thing', plan.thing_base + no),
    pg_temp.choose(pg_temp.draw(no, 43), '{0.4,0.7,0.9}', '{License,Hardware,Contract,Travel}') || ' ' || (plan.thing_base + no),
    'NON_LABOR',
    'Money without people.'
FROM pg_temp.generated_plan AS plan
CROSS JOIN LATERAL generate_series(1, plan.things) AS no;

ANALYZE planning.workers, planning.resource_roles, planning.resources;

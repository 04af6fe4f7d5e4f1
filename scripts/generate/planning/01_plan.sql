-- Plan: the request is checked, and the numbers of the run are laid down
-- 2,400 projects bring about 10 million actuals and 12 million assignments.
-- size:   projects, 240
-- source: docs/planning.md, "Made-up rows"

DO $$
DECLARE
    v_projects bigint := current_setting('tidemark.generate_size');
BEGIN
    IF v_projects NOT BETWEEN 1 AND 200000 THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = 'the number of projects is out of range',
            DETAIL = format('Asked for were %s projects.', v_projects),
            HINT = 'Give 1 to 200000 projects.';
    END IF;
    IF NOT current_setting('tidemark.generate_append')::boolean AND (
        EXISTS (SELECT FROM planning.portfolios) OR EXISTS (SELECT FROM planning.users) OR EXISTS (SELECT FROM planning.worker_types)
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'object_not_in_prerequisite_state',
            MESSAGE = 'schema planning already holds an organisation',
            DETAIL = format('It has %s projects.', (SELECT count(*) FROM planning.projects)),
            HINT = 'Use an empty database, or append: generated rows then get numbers after those in use.';
    END IF;
END $$;

-- A key that begins with its number: rows come into the index in the order in which they are made.
CREATE OR REPLACE FUNCTION pg_temp.ordered_id(kind text, no bigint)
RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (lpad(to_hex(no), 12, '0') || left(md5(kind || no::text), 20))::uuid;

COMMENT ON FUNCTION pg_temp.ordered_id IS 'The key of the thing of that kind with that number, beginning with the number. Without the seed.';

CREATE TEMP TABLE generated_plan ON COMMIT DROP AS
WITH request AS (
    SELECT
        current_setting('tidemark.generate_size')::integer AS projects,
        current_setting('tidemark.generate_as_of')::date AS as_of
)

SELECT
    request.projects,
    request.as_of,
    request.as_of - 974 AS first_day,
    request.as_of + 121 AS last_day,
    greatest(request.projects / 200, 2) AS portfolios,
    greatest(request.projects / 20, 3) AS programs,
    greatest(request.projects * 13 / 3, 10) AS workers,
    greatest(request.projects / 6, 4) AS things,
    greatest(request.projects * 5 / 4, 12) AS users,
    (SELECT count(*) FROM planning.portfolios) AS portfolio_base,
    (SELECT count(*) FROM planning.programs) AS program_base,
    (SELECT count(*) FROM planning.projects) AS project_base,
    (SELECT count(*) FROM planning.worker_types) AS type_base,
    (SELECT count(*) FROM planning.workers) AS worker_base,
    (SELECT count(*) FROM planning.resource_roles) AS role_base,
    (SELECT count(*) FROM planning.resources WHERE resource_type = 'NON_LABOR') AS thing_base,
    (SELECT count(*) FROM planning.users) AS user_base,
    (SELECT count(*) FROM planning.actual_import_batches) AS batch_base
FROM request;

COMMENT ON TABLE pg_temp.generated_plan IS
'One row: how many rows of each kind there will be, and how many there are already. Days of work lie between first_day and last_day, three years.';

-- Planned work: how a month of assignments is made
-- Month by month, so that sorts stay in memory and the indexes of one quarter in the buffers.

CREATE TEMP TABLE generated_work (
    worker_no integer, slot integer, project_no integer, day date, draw_id bigint, place bigint, count bigint,
    capital integer, expense integer, rate_amount numeric
) ON COMMIT DROP;
CREATE TEMP TABLE generated_cost (project_no integer, day date, cost numeric) ON COMMIT DROP;

COMMENT ON TABLE pg_temp.generated_work IS
'Assignments of the month. place, count: which one it is of how many of the worker on that day.';
COMMENT ON TABLE pg_temp.generated_cost IS 'What planned work costs, by project and day.';

CREATE OR REPLACE PROCEDURE pg_temp.plan_work(p_plan pg_temp.generated_plan, p_from date, p_to date)
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO pg_temp.generated_work
    WITH planned AS (
        SELECT
            stint.worker_no,
            stint.slot,
            stint.project_no,
            day.day::date AS day,
            worker.type_no,
            (day.day::date - p_plan.first_day)::bigint * 1048576 + p_plan.worker_base + stint.worker_no AS day_id,
            row_number() OVER own AS place,
            count(*) OVER (PARTITION BY stint.worker_no, day.day) AS count
        FROM pg_temp.generated_stint AS stint
        INNER JOIN pg_temp.generated_worker AS worker ON stint.worker_no = worker.no
        CROSS JOIN LATERAL generate_series(
            greatest(stint.from_day, p_from)::timestamp, least(stint.to_day, p_to)::timestamp, interval '1 day'
        ) AS day (day)
        WHERE stint.from_day <= p_to AND stint.to_day >= p_from
            -- three days of a hundred are of a weekend
            AND (extract(isodow FROM day.day) < 6 OR pg_temp.draw(
                (day.day::date - p_plan.first_day)::bigint * 1048576 + p_plan.worker_base + stint.worker_no, 80
            ) < 0.077)
        WINDOW own AS (PARTITION BY stint.worker_no, day.day ORDER BY stint.slot)
    ),

    kind AS (
        SELECT
            planned.*,
            planned.day_id * 4 + planned.slot AS draw_id,
            pg_temp.draw(planned.day_id * 4 + planned.slot, 81) AS u,
            pg_temp.draw(planned.day_id * 4 + planned.slot, 82) AS v,
            CASE
                -- a few days are over 100 per cent, a quarter of them exactly at it
                WHEN planned.count > 1 AND planned.place = 1 AND pg_temp.draw(planned.day_id, 83) > 0.992 THEN 'full'
                WHEN planned.count = 1 AND pg_temp.draw(planned.day_id, 83) < 0.31 THEN 'full'
                WHEN planned.count = 1 AND pg_temp.draw(planned.day_id, 83) < 0.76 THEN 'half'
                WHEN planned.count = 2 AND pg_temp.draw(planned.day_id, 83) < 0.26 THEN 'half'
                WHEN planned.count = 2 AND planned.place = 1 AND pg_temp.draw(planned.day_id, 83) < 0.7 THEN 'half'
                WHEN pg_temp.draw(planned.day_id * 4 + planned.slot, 84) < 0.02 THEN 'none'
                ELSE 'other'
            END AS kind,
            (ARRAY[95, 49, 33])[planned.count] AS most
        FROM planned
    ),

    split AS (
        SELECT
            kind.*,
            CASE kind.kind
                WHEN 'full' THEN (ARRAY[100, 60, 50])[1 + width_bucket(kind.u, '{0.5,0.75}'::float8[])]
                WHEN 'half' THEN (ARRAY[50, 0, 30, 25])[1 + width_bucket(kind.u, '{0.35,0.6,0.8}'::float8[])]
                WHEN 'none' THEN 0
                ELSE floor(kind.u * kind.most * 0.7)
            END::integer AS capital
        FROM kind
    )

    SELECT
        split.worker_no,
        split.slot,
        split.project_no,
        split.day,
        split.draw_id,
        split.place,
        split.count,
        split.capital,
        CASE split.kind
            WHEN 'full' THEN 100 - split.capital
            WHEN 'half' THEN 50 - split.capital
            WHEN 'none' THEN 0
            ELSE 1 + floor(split.v * (split.most - split.capital - 1))
        END,
        rate.rate_amount
    FROM split
    INNER JOIN pg_temp.generated_rate AS rate ON split.type_no = rate.type_no AND split.day = rate.day;

    INSERT INTO planning.resource_assignments (id, resource_id, project_id, assignment_date, capital_percentage, expense_percentage)
    SELECT
        pg_temp.ordered_id('assignment', work.draw_id),
        worker.resource_id,
        project.id,
        work.day,
        work.capital,
        work.expense
    FROM pg_temp.generated_work AS work
    INNER JOIN pg_temp.generated_worker AS worker ON work.worker_no = worker.no
    INNER JOIN pg_temp.generated_project AS project ON work.project_no = project.no
    ORDER BY work.project_no, work.day, work.worker_no;

    INSERT INTO pg_temp.generated_cost
    SELECT
        work.project_no,
        work.day,
        sum(round(coalesce(work.rate_amount, 1000) * (work.capital + work.expense) / 100, 2))
    FROM pg_temp.generated_work AS work
    GROUP BY work.project_no, work.day;
END $$;

COMMENT ON PROCEDURE pg_temp.plan_work IS 'Makes the assignments of some days.';

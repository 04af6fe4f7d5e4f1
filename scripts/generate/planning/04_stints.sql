-- Stints: who works on which project from when to when
-- A worker has up to three stints side by side, each of up to 60 days and on another project: about 1.6 on a day.

-- projects with the same remainder are for one of the three: no two stints of a worker meet on a project
CREATE TEMP TABLE generated_active ON COMMIT DROP AS
SELECT
    day.day::date AS day,
    (project.no % 3)::integer AS third,
    row_number() OVER (PARTITION BY day.day, project.no % 3 ORDER BY project.no) AS place,
    count(*) OVER (PARTITION BY day.day, project.no % 3) AS projects,
    project.no AS project_no
FROM pg_temp.generated_plan AS plan
CROSS JOIN LATERAL generate_series(plan.first_day::timestamp, plan.last_day::timestamp, interval '1 day') AS day (day)
INNER JOIN pg_temp.generated_project AS project ON day.day::date BETWEEN project.start_date AND project.end_date;

COMMENT ON TABLE pg_temp.generated_active IS 'Projects that run on a day, numbered within their third of all projects.';
CREATE INDEX ON pg_temp.generated_active (day, third, place);
ANALYZE generated_active;

CREATE TEMP TABLE generated_third ON COMMIT DROP AS
SELECT day, third, max(place) AS projects FROM pg_temp.generated_active GROUP BY day, third;

COMMENT ON TABLE pg_temp.generated_third IS 'How many projects of a third run on a day.';
ANALYZE generated_third;

CREATE TEMP TABLE generated_place ON COMMIT DROP AS
WITH block AS (
    SELECT
        worker.no AS worker_no,
        slot,
        (worker.no::bigint * 4 + slot) * 64 + block_no AS draw_id,
        plan.first_day,
        plan.last_day,
        plan.first_day + block_no * 60 - pg_temp.draw_int(worker.no::bigint * 4 + slot, 50, 0, 59) AS block_day
    FROM pg_temp.generated_plan AS plan
    CROSS JOIN pg_temp.generated_worker AS worker
    CROSS JOIN generate_series(1, 3) AS slot
    CROSS JOIN generate_series(0, 19) AS block_no
    WHERE worker.no % 100 <> 0
        AND pg_temp.draw((worker.no::bigint * 4 + slot) * 64 + block_no, 51) < (ARRAY[1.0, 0.53, 0.15])[slot]
)

SELECT
    block.worker_no,
    block.slot,
    block.draw_id,
    (block.worker_no + block.slot) % 3 AS third,
    part.from_day,
    part.to_day,
    part.from_day + (part.to_day - part.from_day) / 2 AS day
FROM block
CROSS JOIN LATERAL (
    SELECT greatest(block.block_day, block.first_day) AS from_day, least(block.block_day + 59, block.last_day) AS to_day
) AS part
WHERE part.from_day <= part.to_day;

COMMENT ON TABLE pg_temp.generated_place IS 'Times for which a worker looks for a project; it must run on their middle day.';
ANALYZE generated_place;

CREATE TEMP TABLE generated_stint ON COMMIT DROP AS
WITH chosen AS MATERIALIZED (
    SELECT place.*, pg_temp.share_of(third.projects, pg_temp.draw(place.draw_id, 52)) AS project_place
    FROM pg_temp.generated_place AS place
    INNER JOIN pg_temp.generated_third AS third ON place.day = third.day AND place.third = third.third
)

SELECT
    chosen.worker_no,
    chosen.slot,
    active.project_no,
    greatest(chosen.from_day, project.start_date) AS from_day,
    least(chosen.to_day, project.end_date) AS to_day
FROM chosen
INNER JOIN pg_temp.generated_active AS active
    ON chosen.day = active.day AND chosen.third = active.third AND chosen.project_place = active.place
INNER JOIN pg_temp.generated_project AS project ON active.project_no = project.no;

COMMENT ON TABLE pg_temp.generated_stint IS 'Days from and to are within the project.';
CREATE INDEX ON pg_temp.generated_stint (from_day, to_day);
ANALYZE generated_stint;

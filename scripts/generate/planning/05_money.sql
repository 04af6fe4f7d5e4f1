-- Money: plan lines of things, and the days on which they cost something
-- 2.1 lines a project; 15 per cent are cancelled, 55 per cent spread evenly, one occurrence of ten is overridden.

CREATE TEMP TABLE generated_line ON COMMIT DROP AS
WITH line AS (
    SELECT
        project.no AS project_no,
        project.id AS project_id,
        project.start_date,
        project.end_date,
        project.no * 8 + line_no AS no
    FROM pg_temp.generated_project AS project
    CROSS JOIN LATERAL generate_series(
        1, pg_temp.choose(pg_temp.draw(project.no, 60), '{0.1,0.38,0.7,0.86,0.95}', '{0,1,2,3,4,6}')::integer
    ) AS line_no
)

SELECT
    line.project_no,
    line.no,
    line.project_id,
    pg_temp.id_of('line', plan.project_base * 8 + line.no) AS id,
    pg_temp.id_of('thing', plan.thing_base + pg_temp.share_of(plan.things, pg_temp.draw(line.no, 61))) AS resource_id,
    CASE WHEN pg_temp.draw(line.no, 62) < 0.55 THEN 'STRAIGHT_LINE' ELSE 'MANUAL' END AS method,
    CASE WHEN pg_temp.draw(line.no, 63) < 0.6 THEN 'CAPITAL' ELSE 'EXPENSE' END AS cost_treatment,
    CASE WHEN pg_temp.draw(line.no, 64) < 0.15 THEN 'CANCELLED' ELSE 'ACTIVE' END AS status,
    pg_temp.choose(pg_temp.draw(line.no, 65), '{0.8,0.95}', '{MONTHLY,YEARLY,DAILY}') AS frequency,
    CASE WHEN pg_temp.draw(line.no, 66) < 0.5 THEN 'PERIOD_START' ELSE 'PERIOD_END' END AS period_placement,
    line.start_date + floor(pg_temp.draw(line.no, 67) * (line.end_date - line.start_date) / 4)::integer AS schedule_start,
    line.end_date - floor(pg_temp.draw(line.no, 68) * (line.end_date - line.start_date) / 4)::integer AS schedule_end,
    round((
        80 * (line.end_date - line.start_date) * exp(0.9 * pg_temp.draw_normal(line.no, 69))
    )::numeric, 2) AS total_amount
FROM line
CROSS JOIN pg_temp.generated_plan AS plan;

CREATE TEMP TABLE generated_occurrence ON COMMIT DROP AS
SELECT
    line.project_no,
    line.no AS line_no,
    line.no * 2048 + schedule.occurrence_no AS no,
    schedule.occurrence_date,
    schedule.base_amount
FROM pg_temp.generated_line AS line
CROSS JOIN LATERAL planning.straight_line_schedule(
    line.total_amount, line.schedule_start, line.schedule_end, line.frequency, line.period_placement
) AS schedule
WHERE line.method = 'STRAIGHT_LINE'
UNION ALL
SELECT
    line.project_no,
    line.no,
    line.no * 2048 + entry.no,
    line.schedule_start + (line.schedule_end - line.schedule_start) * entry.no / entry.count,
    round((line.total_amount / entry.count)::numeric * (0.4 + 1.2 * pg_temp.draw(line.no * 2048 + entry.no, 75)::numeric), 4)
FROM pg_temp.generated_line AS line
CROSS JOIN LATERAL (
    SELECT
        entry_no AS no,
        least(pg_temp.draw_int(line.no, 74, 1, 8), greatest(line.schedule_end - line.schedule_start, 1)) AS count
    FROM generate_series(1, 8) AS entry_no
) AS entry
WHERE line.method = 'MANUAL' AND entry.no <= entry.count;

ANALYZE generated_line, generated_occurrence;

INSERT INTO planning.nonlabor_plan_lines (
    id, project_id, resource_id, name, method, cost_treatment, currency_code, total_amount,
    schedule_start, schedule_end, frequency, period_placement, status
)
SELECT
    line.id,
    line.project_id,
    line.resource_id,
    'Line ' || line.no % 8,
    line.method,
    line.cost_treatment,
    prj.currency_code,
    CASE line.method WHEN 'MANUAL' THEN entered.amount ELSE line.total_amount END,
    CASE line.method WHEN 'STRAIGHT_LINE' THEN line.schedule_start END,
    CASE line.method WHEN 'STRAIGHT_LINE' THEN line.schedule_end END,
    CASE line.method WHEN 'STRAIGHT_LINE' THEN line.frequency END,
    CASE line.method WHEN 'STRAIGHT_LINE' THEN line.period_placement END,
    line.status
FROM pg_temp.generated_line AS line
INNER JOIN planning.projects AS prj ON line.project_id = prj.id
INNER JOIN (
    SELECT occurrence.line_no, sum(occurrence.base_amount) AS amount FROM pg_temp.generated_occurrence AS occurrence GROUP BY occurrence.line_no
) AS entered ON line.no = entered.line_no
ORDER BY line.no;

INSERT INTO planning.nonlabor_plan_occurrences (id, plan_line_id, occurrence_date, base_amount, override_amount, source)
SELECT
    pg_temp.id_of('occurrence', plan.project_base * 16384 + occurrence.no),
    line.id,
    occurrence.occurrence_date,
    occurrence.base_amount,
    CASE WHEN pg_temp.draw(occurrence.no, 76) < 0.1
            THEN round(occurrence.base_amount * (0.5 + pg_temp.draw(occurrence.no, 77)::numeric), 2)
    END,
    CASE line.method WHEN 'MANUAL' THEN 'MANUAL' ELSE 'GENERATED' END
FROM pg_temp.generated_occurrence AS occurrence
INNER JOIN pg_temp.generated_line AS line ON occurrence.line_no = line.no
CROSS JOIN pg_temp.generated_plan AS plan
ORDER BY occurrence.no;

ANALYZE planning.nonlabor_plan_lines, planning.nonlabor_plan_occurrences;

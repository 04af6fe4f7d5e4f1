-- Phases: one to five of a project, with budgets near what is planned
-- One project of a hundred has a gap between its first two phases, three phases of a hundred have no budget.

WITH project AS (
    SELECT
        project.no,
        project.id,
        project.start_date,
        project.end_date - project.start_date + 1 AS days,
        least(
            pg_temp.choose(pg_temp.draw(project.no, 130), '{0.35,0.6,0.82,0.95}', '{1,2,3,4,5}')::integer,
            (project.end_date - project.start_date + 1) / 5
        ) AS phases,
        CASE WHEN pg_temp.draw(project.no, 131) < 0.015 THEN 2 ELSE 0 END AS gap,
        planned.cost_per_day
    FROM pg_temp.generated_project AS project
    LEFT JOIN (
        SELECT sums.project_no, sum(sums.cost) / (max(sums.last_day) - min(sums.first_day) + 1) AS cost_per_day
        FROM (
            SELECT cost.project_no, sum(cost.cost) AS cost, min(cost.day) AS first_day, max(cost.day) AS last_day
            FROM pg_temp.generated_cost AS cost
            GROUP BY cost.project_no
            UNION ALL
            SELECT occurrence.project_no, sum(occurrence.base_amount), min(occurrence.occurrence_date), max(occurrence.occurrence_date)
            FROM pg_temp.generated_occurrence AS occurrence
            GROUP BY occurrence.project_no
        ) AS sums
        GROUP BY sums.project_no
    ) AS planned ON project.no = planned.project_no
),

phase AS (
    SELECT
        project.*,
        phase_no,
        project.no * 8 + phase_no AS draw_id,
        project.start_date + project.days * (phase_no - 1) / project.phases + CASE phase_no WHEN 2 THEN project.gap ELSE 0 END AS from_day,
        project.start_date + project.days * phase_no / project.phases - 1 AS to_day
    FROM project
    CROSS JOIN LATERAL generate_series(1, project.phases) AS phase_no
),

budget AS (
    SELECT
        phase.*,
        CASE WHEN pg_temp.draw(phase.draw_id, 132) < 0.03 THEN 0
            ELSE round(
                coalesce(phase.cost_per_day, 500) * (phase.to_day - phase.from_day + 1)
                * exp(0.25 * pg_temp.draw_normal(phase.draw_id, 133))::numeric, 2
            )
        END AS total,
        round(0.45 + 0.1 * (pg_temp.draw(phase.draw_id, 137)::numeric - 0.5), 4) AS labor_capital,
        round(0.30 + 0.1 * (pg_temp.draw(phase.draw_id, 138)::numeric - 0.5), 4) AS labor_expense
    FROM phase
)

INSERT INTO planning.project_phases (
    id, project_id, name, start_date, end_date,
    labor_capital_budget, labor_expense_budget, nonlabor_capital_budget, nonlabor_expense_budget, total_budget
)
SELECT
    pg_temp.id_of('phase', plan.project_base * 8 + budget.draw_id),
    budget.id,
    CASE budget.phases WHEN 1 THEN 'Default Phase'
        ELSE (ARRAY['Preparation', 'Design', 'Build', 'Rollout', 'Closing'])[budget.phase_no]
    END,
    budget.from_day,
    budget.to_day,
    part.labor_capital,
    part.labor_expense,
    part.nonlabor_capital,
    budget.total - part.labor_capital - part.labor_expense - part.nonlabor_capital,
    budget.total
FROM budget
CROSS JOIN pg_temp.generated_plan AS plan
CROSS JOIN LATERAL (
    SELECT
        trunc(budget.total * budget.labor_capital, 2) AS labor_capital,
        trunc(budget.total * budget.labor_expense, 2) AS labor_expense,
        trunc(budget.total * 0.15, 2) AS nonlabor_capital
) AS part
ORDER BY budget.draw_id;

ANALYZE planning.project_phases;

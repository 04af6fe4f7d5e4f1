-- Budget, actual and forecast on each day of the expected files; docs/golden.md explains the notes.

-- name: expected/expected_project_forecast.csv
-- key: project_id, as_of_date
SELECT
    fct.entity_id::text AS project_id,
    day.as_of_date,
    fct.budget_total,
    fct.budget_capital,
    fct.budget_expense,
    fct.budget_labor_capital,
    fct.budget_labor_expense,
    fct.budget_nonlabor_capital,
    fct.budget_nonlabor_expense,
    fct.actual_total,
    fct.actual_capital,
    fct.actual_expense,
    fct.actual_labor_capital,
    fct.actual_labor_expense,
    fct.actual_nonlabor_capital,
    fct.actual_nonlabor_expense,
    fct.forecast_total,
    fct.forecast_capital,
    fct.forecast_expense,
    fct.forecast_labor_capital,
    fct.forecast_labor_expense,
    fct.forecast_nonlabor_capital,
    fct.forecast_nonlabor_expense,
    fct.budget_remaining,
    fct.forecast_variance,
    fct.budget_utilization_pct,
    fct.forecast_to_budget_pct,
    fct.budget_status,
    fct.completion_status,
    fct.is_over_budget,
    fct.is_under_budget,
    fct.current_forecast_total,
    fct.current_variance,
    fct.defaulted_assignments,
    fct.next_transition_date
FROM (SELECT DISTINCT as_of_date::date AS as_of_date FROM expected_project_forecast) AS day
CROSS JOIN LATERAL planning.forecast_at(day.as_of_date) AS fct
-- the file tells of some on each day
INNER JOIN expected_project_forecast AS exp ON fct.entity_id::text = exp.project_id AND day.as_of_date::text = exp.as_of_date
WHERE fct.entity_type = 'project';

-- name: expected/expected_phase_forecast.csv
-- key: phase_id, as_of_date
SELECT
    fct.entity_id::text AS phase_id,
    pha.project_id::text,
    day.as_of_date,
    fct.budget_total,
    fct.budget_capital,
    fct.budget_expense,
    fct.budget_labor_capital,
    fct.budget_labor_expense,
    fct.budget_nonlabor_capital,
    fct.budget_nonlabor_expense,
    fct.actual_total,
    fct.actual_capital,
    fct.actual_expense,
    fct.actual_labor_capital,
    fct.actual_labor_expense,
    fct.actual_nonlabor_capital,
    fct.actual_nonlabor_expense,
    fct.forecast_total,
    fct.forecast_capital,
    fct.forecast_expense,
    fct.forecast_labor_capital,
    fct.forecast_labor_expense,
    fct.forecast_nonlabor_capital,
    fct.forecast_nonlabor_expense,
    fct.budget_remaining,
    fct.forecast_variance,
    fct.budget_utilization_pct,
    fct.forecast_to_budget_pct,
    fct.budget_status,
    fct.completion_status,
    fct.is_over_budget,
    fct.is_under_budget,
    fct.current_forecast_total,
    fct.current_variance,
    fct.defaulted_assignments,
    fct.next_transition_date
FROM (SELECT DISTINCT as_of_date::date AS as_of_date FROM expected_phase_forecast) AS day
CROSS JOIN LATERAL planning.forecast_at(day.as_of_date) AS fct
INNER JOIN planning.project_phases AS pha ON fct.entity_id = pha.id
-- the file tells of some on each day
INNER JOIN expected_phase_forecast AS exp ON fct.entity_id::text = exp.phase_id AND day.as_of_date::text = exp.as_of_date
WHERE fct.entity_type = 'phase';

-- name: expected/expected_program_forecast.csv
-- key: program_id, as_of_date
SELECT
    fct.entity_id::text AS program_id,
    day.as_of_date,
    fct.child_count AS projects_count,
    fct.budget_total,
    fct.budget_capital,
    fct.budget_expense,
    fct.budget_labor_capital,
    fct.budget_labor_expense,
    fct.budget_nonlabor_capital,
    fct.budget_nonlabor_expense,
    fct.actual_total,
    fct.actual_capital,
    fct.actual_expense,
    fct.actual_labor_capital,
    fct.actual_labor_expense,
    fct.actual_nonlabor_capital,
    fct.actual_nonlabor_expense,
    fct.forecast_total,
    fct.forecast_capital,
    fct.forecast_expense,
    fct.forecast_labor_capital,
    fct.forecast_labor_expense,
    fct.forecast_nonlabor_capital,
    fct.forecast_nonlabor_expense,
    fct.budget_remaining,
    fct.forecast_variance,
    fct.budget_utilization_pct,
    fct.forecast_to_budget_pct,
    fct.budget_status,
    fct.completion_status,
    fct.is_over_budget,
    fct.is_under_budget,
    fct.current_forecast_total,
    fct.current_variance,
    fct.defaulted_assignments,
    fct.next_transition_date
FROM (SELECT DISTINCT as_of_date::date AS as_of_date FROM expected_program_forecast) AS day
CROSS JOIN LATERAL planning.forecast_at(day.as_of_date) AS fct
WHERE fct.entity_type = 'program';

-- name: expected/expected_portfolio_forecast.csv
-- key: portfolio_id, as_of_date
SELECT
    fct.entity_id::text AS portfolio_id,
    day.as_of_date,
    fct.child_count AS programs_count,
    fct.budget_total,
    fct.budget_capital,
    fct.budget_expense,
    fct.budget_labor_capital,
    fct.budget_labor_expense,
    fct.budget_nonlabor_capital,
    fct.budget_nonlabor_expense,
    fct.actual_total,
    fct.actual_capital,
    fct.actual_expense,
    fct.actual_labor_capital,
    fct.actual_labor_expense,
    fct.actual_nonlabor_capital,
    fct.actual_nonlabor_expense,
    fct.forecast_total,
    fct.forecast_capital,
    fct.forecast_expense,
    fct.forecast_labor_capital,
    fct.forecast_labor_expense,
    fct.forecast_nonlabor_capital,
    fct.forecast_nonlabor_expense,
    fct.budget_remaining,
    fct.forecast_variance,
    fct.budget_utilization_pct,
    fct.forecast_to_budget_pct,
    fct.budget_status,
    fct.completion_status,
    fct.is_over_budget,
    fct.is_under_budget,
    fct.current_forecast_total,
    fct.current_variance,
    fct.defaulted_assignments,
    fct.next_transition_date
FROM (SELECT DISTINCT as_of_date::date AS as_of_date FROM expected_portfolio_forecast) AS day
CROSS JOIN LATERAL planning.forecast_at(day.as_of_date) AS fct
WHERE fct.entity_type = 'portfolio';

-- name: expected/expected_scoped_program_rollup.csv
-- key: user_id, program_id, as_of_date
-- Over the union of all roles, as the file has it; planning.program_rollup() counts fewer projects where a role that opens one grants nothing.
WITH fct AS MATERIALIZED (
    SELECT day.as_of_date, one.entity_id, one.budget_total, one.actual_total, one.forecast_total
    FROM (SELECT DISTINCT as_of_date::date AS as_of_date FROM expected_scoped_program_rollup) AS day
    CROSS JOIN LATERAL planning.forecast_at(day.as_of_date) AS one
    WHERE one.entity_type = 'project'
)

SELECT
    asked.user_id,
    asked.program_id,
    asked.as_of_date::date AS as_of_date,
    count(own.project_id) AS projects_in_scope,
    count(prj.id) > count(own.project_id) AS is_partial,
    coalesce(sum(fct.budget_total) FILTER (WHERE own.project_id IS NOT NULL), 0) AS budget_total,
    coalesce(sum(fct.actual_total) FILTER (WHERE own.project_id IS NOT NULL), 0) AS actual_total,
    coalesce(sum(fct.forecast_total) FILTER (WHERE own.project_id IS NOT NULL), 0) AS forecast_total
FROM expected_scoped_program_rollup AS asked
LEFT JOIN planning.projects AS prj ON asked.program_id = prj.program_id::text
LEFT JOIN fct ON prj.id = fct.entity_id AND asked.as_of_date::date = fct.as_of_date
LEFT JOIN LATERAL (
    SELECT opened.project_id FROM planning.projects_of(asked.user_id::uuid) AS opened WHERE opened.project_id = prj.id
) AS own ON TRUE
GROUP BY asked.user_id, asked.program_id, asked.as_of_date;

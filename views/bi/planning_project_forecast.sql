-- bi.planning_project_forecast
-- Budget, actual and forecast of projects.
-- grain:    one row per project
-- requires: planning.forecast, planning.reader_projects(), access.sees_all(), access.sees()
-- source:   docs/bi.md, "Planning"

CREATE OR REPLACE VIEW bi.planning_project_forecast WITH (security_barrier) AS
WITH reader AS MATERIALIZED (  -- a UNION ALL without WITH would lose the barrier, see docs/access.md
    SELECT
        access.sees_all('planning') OR (budget.sees_all AND forecast.sees_all) AS sees_all,
        -- who may view one everywhere is held by the other alone
        ARRAY(
            SELECT prj.id FROM planning.projects AS prj
            WHERE (budget.sees_all OR prj.id = ANY(budget.project_ids)) AND (forecast.sees_all OR prj.id = ANY(forecast.project_ids))
                AND NOT (budget.sees_all AND forecast.sees_all)
        ) AS project_ids
    FROM planning.reader_projects(access.sees('planning', 'user'), 'view_budget') AS budget
    CROSS JOIN planning.reader_projects(access.sees('planning', 'user'), 'view_forecast') AS forecast
)

SELECT
    opened.project_id,
    opened.program_id,
    opened.project_name,
    opened.currency_code,
    fct.budget_total AS budget_amount,
    fct.actual_total AS actual_amount,
    fct.forecast_total AS forecast_amount,
    fct.current_forecast_total AS current_forecast_amount,
    fct.current_variance AS current_variance_amount,
    fct.budget_utilization_pct,
    fct.forecast_to_budget_pct,
    fct.budget_status,
    fct.completion_status,
    fct.defaulted_assignments AS defaulted_assignment_count,
    fct.next_transition_date AS next_change_on
FROM (
    SELECT
        prj.id AS project_id,
        prj.program_id,
        prj.name::text AS project_name,
        prj.currency_code::text AS currency_code
    FROM planning.projects AS prj
    WHERE (SELECT reader.sees_all FROM reader)
    UNION ALL
    SELECT
        prj.id AS project_id,
        prj.program_id,
        prj.name::text AS project_name,
        prj.currency_code::text AS currency_code
    FROM planning.projects AS prj
    WHERE prj.id = ANY((SELECT reader.project_ids FROM reader)::uuid[])
) AS opened
INNER JOIN planning.forecast AS fct ON fct.entity_type = 'project' AND opened.project_id = fct.project_id;

COMMENT ON VIEW bi.planning_project_forecast IS
'Figures of projects of which the reader may see budget and forecast (permissions view_budget and view_forecast). Grain: one row per project. Key: project_id. Data as of: planning.forecast_figure_by_window, see bi.freshness.';
COMMENT ON COLUMN bi.planning_project_forecast.project_id IS 'Project.';
COMMENT ON COLUMN bi.planning_project_forecast.program_id IS 'Program that the project belongs to now.';
COMMENT ON COLUMN bi.planning_project_forecast.project_name IS 'Name of the project.';
COMMENT ON COLUMN bi.planning_project_forecast.currency_code IS 'Currency of the amounts.';
COMMENT ON COLUMN bi.planning_project_forecast.budget_amount IS 'Budget of all phases.';
COMMENT ON COLUMN bi.planning_project_forecast.actual_amount IS 'Booked from the start of the project through today.';
COMMENT ON COLUMN bi.planning_project_forecast.forecast_amount IS 'Still to come.';
COMMENT ON COLUMN bi.planning_project_forecast.current_forecast_amount IS 'Actual plus forecast: what the whole will cost.';
COMMENT ON COLUMN bi.planning_project_forecast.current_variance_amount IS 'Budget minus current_forecast_amount; positive: under budget.';
COMMENT ON COLUMN bi.planning_project_forecast.budget_utilization_pct IS 'Actual in percent of the budget; 0 without a budget.';
COMMENT ON COLUMN bi.planning_project_forecast.forecast_to_budget_pct IS 'Forecast in percent of the budget; 0 without a budget.';
COMMENT ON COLUMN bi.planning_project_forecast.budget_status IS 'on_track, at_risk or over_budget: what is still to come, compared with the whole budget.';
COMMENT ON COLUMN bi.planning_project_forecast.completion_status IS 'in_progress, near_complete or complete: what is booked, compared with the budget.';
COMMENT ON COLUMN bi.planning_project_forecast.defaulted_assignment_count IS 'Assignments to come that have no rate and were priced by the default.';
COMMENT ON COLUMN bi.planning_project_forecast.next_change_on IS 'First day on which the figures differ although nothing is written; NULL: never.';

GRANT SELECT ON bi.planning_project_forecast TO tidemark_bi;

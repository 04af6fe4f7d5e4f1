-- planning.forecast_part
-- The parts of every forecast: of a project or phase its own, of a program or portfolio the sums over its projects.
-- grain:    one row per project, phase, program and portfolio
-- requires: planning.forecast_figure_by_window
-- source:   docs/planning.md, "Forecast"

CREATE OR REPLACE VIEW planning.forecast_part AS
SELECT
    CASE WHEN fig.phase_id IS NULL THEN 'project' ELSE 'phase' END AS entity_type,
    coalesce(fig.phase_id, fig.project_id) AS entity_id,
    1::bigint AS child_count,
    fig.budget_labor_capital,
    fig.budget_labor_expense,
    fig.budget_nonlabor_capital,
    fig.budget_nonlabor_expense,
    fig.actual_labor_capital,
    fig.actual_labor_expense,
    fig.actual_nonlabor_capital,
    fig.actual_nonlabor_expense,
    fig.forecast_labor_capital,
    fig.forecast_labor_expense,
    fig.forecast_nonlabor_capital,
    fig.forecast_nonlabor_expense,
    fig.defaulted_assignments,
    fig.next_transition_date,
    prj.currency_code::text AS currency_code,
    fig.project_id
FROM planning.forecast_figure_by_window_as_of AS fig
INNER JOIN planning.projects AS prj ON fig.project_id = prj.id
UNION ALL
SELECT
    node.entity_type,
    node.entity_id,
    CASE node.entity_type WHEN 'program' THEN count(prj.id) ELSE count(DISTINCT node.program_id) END,
    coalesce(sum(fig.budget_labor_capital), 0),
    coalesce(sum(fig.budget_labor_expense), 0),
    coalesce(sum(fig.budget_nonlabor_capital), 0),
    coalesce(sum(fig.budget_nonlabor_expense), 0),
    coalesce(sum(fig.actual_labor_capital), 0),
    coalesce(sum(fig.actual_labor_expense), 0),
    coalesce(sum(fig.actual_nonlabor_capital), 0),
    coalesce(sum(fig.actual_nonlabor_expense), 0),
    coalesce(sum(fig.forecast_labor_capital), 0),
    coalesce(sum(fig.forecast_labor_expense), 0),
    coalesce(sum(fig.forecast_nonlabor_capital), 0),
    coalesce(sum(fig.forecast_nonlabor_expense), 0),
    coalesce(sum(fig.defaulted_assignments), 0)::bigint,
    min(fig.next_transition_date),
    CASE WHEN count(DISTINCT prj.currency_code) = 1 THEN min(prj.currency_code::text) END,
    NULL
FROM (
    SELECT
        own.entity_type,
        CASE own.entity_type WHEN 'program' THEN prg.id ELSE pfo.id END AS entity_id,
        prg.id AS program_id
    FROM planning.portfolios AS pfo
    CROSS JOIN (VALUES ('program'), ('portfolio')) AS own (entity_type)
    LEFT JOIN planning.programs AS prg ON pfo.id = prg.portfolio_id
    WHERE own.entity_type = 'portfolio' OR prg.id IS NOT NULL
) AS node
LEFT JOIN planning.projects AS prj ON node.program_id = prj.program_id
LEFT JOIN planning.forecast_figure_by_window_as_of AS fig ON prj.id = fig.project_id AND fig.phase_id IS NULL
GROUP BY node.entity_type, node.entity_id;

COMMENT ON VIEW planning.forecast_part IS
'entity_type: project, phase, program or portfolio. Amounts of several currencies are added as they are.';
COMMENT ON COLUMN planning.forecast_part.child_count IS 'Projects of a program, programs of a portfolio; 1 of projects and phases.';
COMMENT ON COLUMN planning.forecast_part.currency_code IS 'Currency of all projects; NULL: several, or none.';

COMMENT ON COLUMN planning.forecast_part.project_id IS 'Project, or that of the phase; NULL of programs and portfolios. Who asks for one project asks by it: the key of the stored rows begins with it.';

GRANT SELECT ON planning.forecast_part TO tidemark_operator;

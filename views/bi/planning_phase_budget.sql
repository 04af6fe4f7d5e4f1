-- bi.planning_phase_budget
-- Budgets of the phases of projects.
-- grain:    one row per phase
-- requires: planning.reader_projects(), access.sees_all(), access.sees()
-- source:   docs/bi.md, "Planning"

CREATE OR REPLACE VIEW bi.planning_phase_budget WITH (security_barrier) AS
WITH reader AS MATERIALIZED (  -- a UNION ALL without WITH would lose the barrier, see docs/access.md
    SELECT
        access.sees_all('planning') OR granted.sees_all AS sees_all,
        granted.project_ids
    FROM planning.reader_projects(access.sees('planning', 'user'), 'view_budget') AS granted
)

SELECT
    pha.id AS phase_id,
    pha.project_id,
    prj.program_id,
    prj.name::text AS project_name,
    pha.name::text AS phase_name,
    pha.start_date AS starts_on,
    pha.end_date AS ends_on,
    prj.currency_code::text AS currency_code,
    pha.labor_capital_budget AS labor_capital_amount,
    pha.labor_expense_budget AS labor_expense_amount,
    pha.nonlabor_capital_budget AS nonlabor_capital_amount,
    pha.nonlabor_expense_budget AS nonlabor_expense_amount,
    pha.total_budget AS total_amount
FROM planning.project_phases AS pha
INNER JOIN planning.projects AS prj ON pha.project_id = prj.id
WHERE (SELECT reader.sees_all FROM reader)
UNION ALL
SELECT
    pha.id AS phase_id,
    pha.project_id,
    prj.program_id,
    prj.name::text AS project_name,
    pha.name::text AS phase_name,
    pha.start_date AS starts_on,
    pha.end_date AS ends_on,
    prj.currency_code::text AS currency_code,
    pha.labor_capital_budget AS labor_capital_amount,
    pha.labor_expense_budget AS labor_expense_amount,
    pha.nonlabor_capital_budget AS nonlabor_capital_amount,
    pha.nonlabor_expense_budget AS nonlabor_expense_amount,
    pha.total_budget AS total_amount
FROM planning.project_phases AS pha
INNER JOIN planning.projects AS prj ON pha.project_id = prj.id
WHERE pha.project_id = ANY((SELECT reader.project_ids FROM reader)::uuid[]);

COMMENT ON VIEW bi.planning_phase_budget IS
'Budgets of projects that the reader may see them of (permission view_budget). Grain: one row per phase. Key: phase_id. Data as of: now, computed when read.';
COMMENT ON COLUMN bi.planning_phase_budget.phase_id IS 'Phase.';
COMMENT ON COLUMN bi.planning_phase_budget.project_id IS 'Project.';
COMMENT ON COLUMN bi.planning_phase_budget.program_id IS 'Program that the project belongs to now.';
COMMENT ON COLUMN bi.planning_phase_budget.project_name IS 'Name of the project.';
COMMENT ON COLUMN bi.planning_phase_budget.phase_name IS 'Name of the phase.';
COMMENT ON COLUMN bi.planning_phase_budget.starts_on IS 'First day.';
COMMENT ON COLUMN bi.planning_phase_budget.ends_on IS 'Last day, itself included.';
COMMENT ON COLUMN bi.planning_phase_budget.currency_code IS 'Currency of the amounts.';
COMMENT ON COLUMN bi.planning_phase_budget.labor_capital_amount IS 'Budget for people, capital.';
COMMENT ON COLUMN bi.planning_phase_budget.labor_expense_amount IS 'Budget for people, expense.';
COMMENT ON COLUMN bi.planning_phase_budget.nonlabor_capital_amount IS 'Budget for other things, capital.';
COMMENT ON COLUMN bi.planning_phase_budget.nonlabor_expense_amount IS 'Budget for other things, expense.';
COMMENT ON COLUMN bi.planning_phase_budget.total_amount IS 'Sum of the four.';

GRANT SELECT ON bi.planning_phase_budget TO tidemark_bi;

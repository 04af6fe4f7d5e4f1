-- bi.planning_variance
-- Work against its plan, project by project, from the start through today.
-- grain:    one row per project
-- requires: planning.variance_to_date_by_project, planning.reader_projects(), access.sees_all(), access.sees()
-- source:   docs/bi.md, "Planning"

CREATE OR REPLACE VIEW bi.planning_variance WITH (security_barrier) AS
WITH reader AS MATERIALIZED (  -- a UNION ALL without WITH would lose the barrier, see docs/access.md
    SELECT
        access.sees_all('planning') OR granted.sees_all AS sees_all,
        granted.project_ids
    FROM planning.reader_projects(access.sees('planning', 'user'), 'view_reports') AS granted
)

SELECT
    prj.id AS project_id,
    prj.program_id,
    prj.name::text AS project_name,
    prj.currency_code::text AS currency_code,
    vrn.total_variances AS variance_count,
    vrn.exceptions AS exception_count,
    vrn.unplanned_work AS unplanned_work_count,
    vrn.unworked_assignment AS unworked_assignment_count,
    vrn.allocation_over AS allocation_over_count,
    vrn.allocation_under AS allocation_under_count,
    vrn.cost_over AS cost_over_count,
    vrn.cost_under AS cost_under_count,
    vrn.total_allocation_variance AS allocation_variance_pct,
    vrn.total_cost_variance AS cost_variance_amount,
    vrn.next_transition_date AS next_change_on
FROM planning.projects AS prj
INNER JOIN planning.variance_to_date_by_project_as_of AS vrn ON prj.id = vrn.project_id
WHERE (SELECT reader.sees_all FROM reader)
UNION ALL
SELECT
    prj.id AS project_id,
    prj.program_id,
    prj.name::text AS project_name,
    prj.currency_code::text AS currency_code,
    vrn.total_variances AS variance_count,
    vrn.exceptions AS exception_count,
    vrn.unplanned_work AS unplanned_work_count,
    vrn.unworked_assignment AS unworked_assignment_count,
    vrn.allocation_over AS allocation_over_count,
    vrn.allocation_under AS allocation_under_count,
    vrn.cost_over AS cost_over_count,
    vrn.cost_under AS cost_under_count,
    vrn.total_allocation_variance AS allocation_variance_pct,
    vrn.total_cost_variance AS cost_variance_amount,
    vrn.next_transition_date AS next_change_on
FROM planning.projects AS prj
INNER JOIN planning.variance_to_date_by_project_as_of AS vrn ON prj.id = vrn.project_id
WHERE prj.id = ANY((SELECT reader.project_ids FROM reader)::uuid[]);

COMMENT ON VIEW bi.planning_variance IS
'Variance to date of projects that the reader may see reports of (permission view_reports). Grain: one row per project. Key: project_id. Data as of: planning.variance_to_date_by_project, see bi.freshness.';
COMMENT ON COLUMN bi.planning_variance.project_id IS 'Project.';
COMMENT ON COLUMN bi.planning_variance.program_id IS 'Program that the project belongs to now.';
COMMENT ON COLUMN bi.planning_variance.project_name IS 'Name of the project.';
COMMENT ON COLUMN bi.planning_variance.currency_code IS 'Currency of the amounts.';
COMMENT ON COLUMN bi.planning_variance.variance_count IS 'Differences of all kinds, at the usual thresholds.';
COMMENT ON COLUMN bi.planning_variance.exception_count IS 'Those of them of severity high.';
COMMENT ON COLUMN bi.planning_variance.unplanned_work_count IS 'Resources and days with work and no plan.';
COMMENT ON COLUMN bi.planning_variance.unworked_assignment_count IS 'Resources and days with a plan and no work.';
COMMENT ON COLUMN bi.planning_variance.allocation_over_count IS 'With at least 20 % more of the day than planned.';
COMMENT ON COLUMN bi.planning_variance.allocation_under_count IS 'With at least 20 % less of the day than planned.';
COMMENT ON COLUMN bi.planning_variance.cost_over_count IS 'With at least 10 % more cost than planned.';
COMMENT ON COLUMN bi.planning_variance.cost_under_count IS 'With at least 10 % less cost than planned.';
COMMENT ON COLUMN bi.planning_variance.allocation_variance_pct IS 'Sum of the absolute differences in percent of a day, each resource and day once.';
COMMENT ON COLUMN bi.planning_variance.cost_variance_amount IS 'Sum of the absolute differences of cost, each resource and day once.';
COMMENT ON COLUMN bi.planning_variance.next_change_on IS 'First day on which the row may differ although nothing changes; NULL: none.';

GRANT SELECT ON bi.planning_variance TO tidemark_bi;

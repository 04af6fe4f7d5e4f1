-- bi.planning_actual
-- What really happened: work and money booked on projects.
-- grain:    one row per booking
-- requires: planning.reader_projects(), access.sees_all(), access.sees()
-- source:   docs/bi.md, "Planning"

CREATE OR REPLACE VIEW bi.planning_actual WITH (security_barrier) AS
WITH reader AS MATERIALIZED (  -- a UNION ALL without WITH would lose the barrier, see docs/access.md
    SELECT
        access.sees_all('planning') OR granted.sees_all AS sees_all,
        granted.project_ids
    FROM planning.reader_projects(access.sees('planning', 'user'), 'read_actual') AS granted
)

SELECT
    act.id AS actual_id,
    act.project_id,
    act.resource_id,
    act.actual_date AS booked_on,
    act.external_worker_id::text AS external_worker_id,
    act.worker_name::text AS worker_name,
    act.allocation_percentage AS allocation_pct,
    act.actual_cost AS cost_amount,
    act.capital_amount,
    act.expense_amount
FROM planning.actuals AS act
WHERE (SELECT reader.sees_all FROM reader)
UNION ALL
SELECT
    act.id AS actual_id,
    act.project_id,
    act.resource_id,
    act.actual_date AS booked_on,
    act.external_worker_id::text AS external_worker_id,
    act.worker_name::text AS worker_name,
    act.allocation_percentage AS allocation_pct,
    act.actual_cost AS cost_amount,
    act.capital_amount,
    act.expense_amount
FROM planning.actuals AS act
WHERE act.project_id = ANY((SELECT reader.project_ids FROM reader)::uuid[]);

COMMENT ON VIEW bi.planning_actual IS
'Actuals of projects that the reader may see them of (permission read_actual). Grain: one row per booking. Key: actual_id, booked_on. Data as of: now, computed when read.';
COMMENT ON COLUMN bi.planning_actual.actual_id IS 'Row in planning.actuals.';
COMMENT ON COLUMN bi.planning_actual.project_id IS 'Project.';
COMMENT ON COLUMN bi.planning_actual.resource_id IS 'Resource.';
COMMENT ON COLUMN bi.planning_actual.booked_on IS 'Day of the work or of the cost.';
COMMENT ON COLUMN bi.planning_actual.external_worker_id IS 'Worker, by the number he has in the source; NULL: no labor.';
COMMENT ON COLUMN bi.planning_actual.worker_name IS 'His name; NULL: no labor.';
COMMENT ON COLUMN bi.planning_actual.allocation_pct IS 'Share of the day, 0 to 100; NULL: no labor.';
COMMENT ON COLUMN bi.planning_actual.cost_amount IS 'Cost, in the currency of the project.';
COMMENT ON COLUMN bi.planning_actual.capital_amount IS 'Part of the cost that is capital.';
COMMENT ON COLUMN bi.planning_actual.expense_amount IS 'The other part.';

GRANT SELECT ON bi.planning_actual TO tidemark_bi;

-- Actuals by period and group, and variance, over the windows that the expected files name; docs/golden.md explains the notes.

-- name: expected/expected_time_series.csv
-- key: project_id, start_date, end_date, interval, period_no
-- reads: expected/expected_time_series.csv (project_id, start_date, end_date, interval)
SELECT
    cas.project_id,
    cas.start_date,
    cas.end_date,
    cas.interval,
    ser.period_no,
    ser.period_start,
    ser.period_end,
    ser.total_cost,
    ser.capital_cost,
    ser.expense_cost,
    ser.actuals_count,
    ser.cumulative_total,
    ser.cumulative_capital,
    ser.cumulative_expense,
    ser.cumulative_utilization_pct
FROM (SELECT DISTINCT exp.project_id, exp.start_date, exp.end_date, exp.interval FROM expected_time_series AS exp) AS cas
CROSS JOIN LATERAL planning.time_series_of(cas.project_id::uuid, cas.start_date::date, cas.end_date::date, cas.interval) AS ser;

-- name: expected/expected_drill_down.csv
-- key: project_id, start_date, end_date, group_by, key
-- reads: expected/expected_drill_down.csv (project_id, start_date, end_date, group_by)
SELECT
    cas.project_id,
    cas.start_date,
    cas.end_date,
    cas.group_by,
    grp.key,
    grp.name,
    grp.total_cost,
    grp.capital_cost,
    grp.expense_cost,
    grp.total_allocation,
    grp.actuals_count
FROM (SELECT DISTINCT exp.project_id, exp.start_date, exp.end_date, exp.group_by FROM expected_drill_down AS exp) AS cas
CROSS JOIN LATERAL planning.drill_down_of(cas.project_id::uuid, cas.start_date::date, cas.end_date::date, cas.group_by) AS grp;

-- name: expected/expected_variance_worker_day.csv
-- key: project_id, start_date, end_date, resource_id, variance_date, variance_type
-- reads: expected/expected_variance_worker_day.csv (project_id, start_date, end_date)
-- reads: expected/expected_variance_summary.csv (method, project_id, start_date, end_date, total_variances)
-- The file has all rows of the windows it names; in others the summary tells that nothing differs, or how much in all.
SELECT
    cas.project_id,
    cas.start_date,
    cas.end_date,
    vrn.resource_id::text,
    vrn.worker_id,
    vrn.variance_date,
    vrn.variance_type,
    vrn.severity,
    vrn.forecast_allocation,
    vrn.actual_allocation,
    vrn.allocation_variance,
    vrn.allocation_variance_pct,
    vrn.forecast_cost,
    vrn.actual_cost,
    vrn.cost_variance,
    vrn.cost_variance_pct
FROM (
    SELECT exp.project_id, exp.start_date, exp.end_date FROM expected_variance_worker_day AS exp
    UNION
    SELECT exp.project_id, exp.start_date, exp.end_date FROM expected_variance_summary AS exp
    WHERE exp.method = 'worker_day' AND exp.total_variances = '0'
) AS cas
CROSS JOIN LATERAL planning.variance_worker_day_of(cas.project_id::uuid, cas.start_date::date, cas.end_date::date) AS vrn;

-- name: expected/expected_variance_presence.csv
-- key: project_id, start_date, end_date, variance_type, worker_id, variance_date, assignment_id
-- reads: expected/expected_variance_presence.csv (project_id, start_date, end_date)
-- reads: expected/expected_variance_summary.csv (method, project_id, start_date, end_date, total_variances)
-- The file has all rows of the windows it names; in others the summary tells that nothing differs, or how much in all.
SELECT
    cas.project_id,
    cas.start_date,
    cas.end_date,
    vrn.variance_type,
    vrn.worker_id,
    vrn.variance_date,
    vrn.assignment_id::text,
    vrn.forecast_allocation,
    vrn.actual_allocation,
    vrn.forecast_cost,
    vrn.actual_cost
FROM (
    SELECT exp.project_id, exp.start_date, exp.end_date FROM expected_variance_presence AS exp
    UNION
    SELECT exp.project_id, exp.start_date, exp.end_date FROM expected_variance_summary AS exp
    WHERE exp.method = 'presence' AND exp.total_variances = '0'
) AS cas
CROSS JOIN LATERAL planning.variance_presence_of(cas.project_id::uuid, cas.start_date::date, cas.end_date::date) AS vrn;

-- name: expected/expected_variance_summary.csv
-- key: method, project_id, start_date, end_date
-- reads: expected/expected_variance_summary.csv (method, project_id, start_date, end_date)
SELECT
    cas.method,
    cas.project_id,
    cas.start_date,
    cas.end_date,
    vrn.total_variances,
    vrn.unplanned_work,
    vrn.unworked_assignment,
    vrn.allocation_over,
    vrn.allocation_under,
    vrn.cost_over,
    vrn.cost_under,
    vrn.total_allocation_variance,
    vrn.total_cost_variance
FROM expected_variance_summary AS cas
CROSS JOIN LATERAL planning.variance_summary_of(cas.project_id::uuid, cas.start_date::date, cas.end_date::date, cas.method) AS vrn;

-- The import of monitoring results: the answer to each file, its preview, and the results it leaves.

-- name: imports/monitoring_results/cases.csv
-- key: case_id, dry_run
SELECT
    case_id, dry_run, cycle_id, file, description, http_status, error, total_rows, create_count, update_count, skip_count,
    error_count, success
FROM answer;

-- name: imports/monitoring_results/expected_rows.csv
-- key: case_id, row_number
SELECT case_id, row_number, action, model_id, metric_id, value, outcome, narrative, error FROM previewed;

-- name: imports/monitoring_results/expected_results_after.csv
-- key: case_id, cycle_id, model_id, plan_metric_id
SELECT result_after.* FROM result_after;

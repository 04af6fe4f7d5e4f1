-- What the golden imports of planning must answer.

-- name: expected/expected_import_cases.csv
-- key: case_id
SELECT
    ans.case_id, ans.kind, ans.description, ans.actuals_through_date, ans.outcome,
    (SELECT count(*) FROM imported AS act WHERE act.case_id = ans.case_id) AS imported_count,
    bat.actuals_through_date AS batch_actuals_through_date
FROM import_answer AS ans
LEFT JOIN imported_batch AS bat ON ans.case_id = bat.case_id;

-- name: expected/expected_import_rows.csv
-- key: case_id, row_number
SELECT ans.case_id, row.no + 1 AS row_number, (
    SELECT string_agg(iss.reason, '|' ORDER BY cod.position)
    FROM load.issue AS iss
    LEFT JOIN planning.import_codes AS cod ON iss.reason = cod.code
    WHERE iss.upload_id = ans.upload_id AND iss.row_no = row.no
) AS error_codes
FROM import_answer AS ans
CROSS JOIN LATERAL generate_series(1, ans.row_count) AS row (no)
WHERE ans.outcome NOT IN ('EMPTY_FILE', 'MISSING_COLUMNS', 'WRONG_IMPORTER', 'PERCENTAGE_COLUMNS', 'ROW_SHAPE', 'NO_DATA_ROWS');

-- name: expected/expected_import_conflicts.csv
-- key: case_id, external_worker_id, actual_date
SELECT
    ans.case_id,
    out.details ->> 'external_worker_id' AS external_worker_id,
    out.details ->> 'actual_date' AS actual_date,
    (out.details ->> 'existing_allocation')::numeric AS existing_allocation,
    (out.details ->> 'new_allocation')::numeric AS new_allocation,
    (out.details ->> 'total_allocation')::numeric AS total_allocation,
    (out.details ->> 'excess')::numeric AS excess
FROM import_answer AS ans
INNER JOIN load.outcome AS out ON ans.upload_id = out.upload_id;

-- name: expected/expected_import_actuals.csv
-- key: case_id, row_number
-- rows of a batch have no number of their own: those that agree in all columns may stand for each other
SELECT
    act.case_id,
    exp.row_number,
    act.project_id::text, act.resource_id::text, act.external_worker_id, act.actual_date, act.allocation_percentage,
    act.actual_cost, act.capital_amount, act.expense_amount
FROM (
    SELECT act.*, row_number() OVER (
        PARTITION BY act.case_id, act.project_id, act.resource_id, act.external_worker_id, act.actual_date, act.allocation_percentage,
            act.actual_cost, act.capital_amount, act.expense_amount
    ) AS copy
    FROM imported AS act
) AS act
LEFT JOIN (
    SELECT exp.*, row_number() OVER (
        PARTITION BY exp.case_id, exp.project_id, exp.resource_id, exp.external_worker_id, exp.actual_date, exp.allocation_percentage::numeric,
            exp.actual_cost::numeric, exp.capital_amount::numeric, exp.expense_amount::numeric
        ORDER BY exp.row_number::integer
    ) AS copy
    FROM expected_import_actuals AS exp
) AS exp
    ON (act.case_id, act.project_id::text, act.resource_id::text, act.actual_date::text)
    = (exp.case_id, exp.project_id, exp.resource_id, exp.actual_date)
    AND (act.external_worker_id, act.allocation_percentage, act.actual_cost, act.capital_amount, act.expense_amount, act.copy)
    IS NOT DISTINCT FROM (
        nullif(exp.external_worker_id, ''), nullif(exp.allocation_percentage, '')::numeric, exp.actual_cost::numeric,
        exp.capital_amount::numeric, exp.expense_amount::numeric, exp.copy
    );

-- What the golden attempts to plan one assignment must answer, each alone.

-- name: expected/expected_assignment_cases.csv
-- key: case_no
-- reads: expected/expected_assignment_cases.csv (case_no, resource_id, project_id, assignment_date, capital_percentage, expense_percentage)
SELECT
    cas.case_no, cas.resource_id, cas.project_id, cas.assignment_date, cas.capital_percentage, cas.expense_percentage,
    planning.assignment_outcome(
        cas.resource_id::uuid, cas.project_id::uuid, cas.assignment_date::date, cas.capital_percentage::numeric,
        cas.expense_percentage::numeric
    ) AS outcome
FROM expected_assignment_cases AS cas;

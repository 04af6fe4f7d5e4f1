-- planning.assignment_code()
-- Says whether a person may be planned for a project on a day, and what is in the way first.
-- requires: nothing
-- source:   docs/planning_writes.md, "Planning one assignment"

CREATE OR REPLACE FUNCTION planning.assignment_code(
    resource_type text, project_start date, project_end date, assignment_date date, is_duplicate boolean,
    capital_percentage numeric, expense_percentage numeric, other_percentage numeric
)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN resource_type IS NULL THEN 'RESOURCE_NOT_FOUND'
    WHEN resource_type <> 'LABOR' THEN 'RESOURCE_NOT_LABOR'
    WHEN project_start IS NULL THEN 'PROJECT_NOT_FOUND'
    WHEN assignment_date NOT BETWEEN project_start AND project_end THEN 'DATE_OUTSIDE_PROJECT'
    WHEN is_duplicate THEN 'DUPLICATE'
    WHEN capital_percentage <> trunc(capital_percentage) THEN 'CAPITAL_NOT_WHOLE'
    WHEN expense_percentage <> trunc(expense_percentage) THEN 'EXPENSE_NOT_WHOLE'
    WHEN capital_percentage + expense_percentage > 100 THEN 'SUM_OVER_100'
    WHEN other_percentage + capital_percentage + expense_percentage > 100 THEN 'CROSS_PROJECT_OVER_100'
    ELSE 'OK'
END;

COMMENT ON FUNCTION planning.assignment_code IS
'OK, or the first check that fails. resource_type, project_start NULL: there is no such resource or project; other_percentage: what the person is planned for on that day elsewhere.';

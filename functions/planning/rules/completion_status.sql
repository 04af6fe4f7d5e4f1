-- planning.completion_status()
-- Says how much of the budget is used.
-- requires: nothing
-- source:   docs/planning.md, "Forecast"

CREATE OR REPLACE FUNCTION planning.completion_status(actual_total numeric, budget_total numeric)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN budget_total = 0 THEN 'in_progress'
    WHEN actual_total >= budget_total THEN 'complete'
    WHEN actual_total >= budget_total * 0.90 THEN 'near_complete'
    ELSE 'in_progress'
END;

COMMENT ON FUNCTION planning.completion_status IS
'By the exact amounts; without a budget in_progress.';

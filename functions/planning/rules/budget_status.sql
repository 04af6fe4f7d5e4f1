-- planning.budget_status()
-- Says how what is still to come compares with the budget.
-- requires: nothing
-- source:   docs/planning.md, "Forecast"

CREATE OR REPLACE FUNCTION planning.budget_status(forecast_total numeric, budget_total numeric)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN forecast_total > budget_total * 1.10 THEN 'over_budget'
    WHEN forecast_total > budget_total * 1.05 THEN 'at_risk'
    ELSE 'on_track'
END;

COMMENT ON FUNCTION planning.budget_status IS
'Exactly 1.10 times the budget is at_risk, exactly 1.05 times is on_track. The remaining forecast is compared with the whole budget.';

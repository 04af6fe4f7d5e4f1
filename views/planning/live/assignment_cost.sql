-- planning.assignment_cost
-- What planned work costs, by the rate of its day.
-- grain:    one row per assignment
-- requires: planning.round_half_even(), planning.is_rate_on()
-- source:   docs/planning.md, "Forecast"

CREATE OR REPLACE VIEW planning.assignment_cost AS
SELECT
    priced.assignment_id,
    priced.project_id,
    priced.resource_id,
    priced.assignment_date,
    priced.rate_amount,
    priced.is_defaulted,
    priced.capital_percentage + priced.expense_percentage AS forecast_allocation,
    planning.round_half_even(priced.rate_amount * (priced.capital_percentage + priced.expense_percentage) / 100, 2) AS forecast_cost,
    planning.round_half_even(priced.rate_amount * priced.capital_percentage / 100, 2) AS forecast_capital
FROM (
    SELECT
        asg.id AS assignment_id,
        asg.project_id,
        asg.resource_id,
        asg.assignment_date,
        asg.capital_percentage,
        asg.expense_percentage,
        coalesce(rat.rate_amount, (SELECT opt.default_rate FROM planning.settings AS opt)) AS rate_amount,
        rat.rate_amount IS NULL AS is_defaulted
    FROM planning.resource_assignments AS asg
    INNER JOIN planning.resources AS res ON asg.resource_id = res.id
    INNER JOIN planning.workers AS wrk ON res.worker_id = wrk.id
    LEFT JOIN planning.rates AS rat
        ON wrk.worker_type_id = rat.worker_type_id AND planning.is_rate_on(rat.start_date, rat.end_date, asg.assignment_date)
) AS priced;

COMMENT ON VIEW planning.assignment_cost IS
'Cost and its capital part; the expense part is the rest. Percentages are shares of the day.';
COMMENT ON COLUMN planning.assignment_cost.forecast_allocation IS 'Percent of the day, capital and expense together; 0: a placeholder.';
COMMENT ON COLUMN planning.assignment_cost.is_defaulted IS 'No rate on that day: planning.settings.default_rate was taken.';

GRANT SELECT ON planning.assignment_cost TO tidemark_operator;

-- planning.labor_cost()
-- What one labor actual costs, by the rate of its day and the plan of its project.
-- requires: planning.rate_on(), planning.round_half_even(), planning.capital_share()
-- source:   docs/planning_writes.md, "What an actual costs"

CREATE OR REPLACE FUNCTION planning.labor_cost(
    p_worker_id uuid, p_project_id uuid, p_actual_date date, p_percentage numeric, p_capital_percentage numeric, p_expense_percentage numeric
)
RETURNS TABLE (code text, resource_id uuid, actual_cost numeric, capital_amount numeric)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT
        CASE
            WHEN rat.amount IS NULL THEN 'RATE_NOT_FOUND'
            WHEN res.id IS NULL THEN 'NO_RESOURCE_FOR_WORKER'
            WHEN p_percentage IS NOT NULL AND asg.id IS NULL THEN 'NO_PLANNED_ASSIGNMENT'
        END,
        res.id,
        cost.amount,
        CASE
            WHEN p_percentage IS NULL THEN planning.round_half_even(rat.amount * p_capital_percentage / 100, 2)
            ELSE planning.capital_share(cost.amount, asg.capital_percentage, asg.expense_percentage)
        END
    FROM planning.workers AS wrk
    CROSS JOIN LATERAL (SELECT planning.rate_on(wrk.worker_type_id, p_actual_date) AS amount) AS rat
    CROSS JOIN LATERAL (
        SELECT planning.round_half_even(rat.amount * coalesce(p_percentage, p_capital_percentage + p_expense_percentage) / 100, 2) AS amount
    ) AS cost
    LEFT JOIN planning.resources AS res ON wrk.id = res.worker_id
    LEFT JOIN planning.resource_assignments AS asg
        ON res.id = asg.resource_id AND asg.project_id = p_project_id AND asg.assignment_date = p_actual_date
    WHERE wrk.id = p_worker_id;
END;

COMMENT ON FUNCTION planning.labor_cost IS
'p_percentage: the single form, split as the assignment of the day is planned; NULL: the split form, by its own percentages. code: the first reason why there is no cost. The expense amount is the rest of the cost.';

REVOKE ALL ON FUNCTION planning.labor_cost FROM PUBLIC;

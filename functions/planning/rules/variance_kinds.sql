-- planning.variance_kinds()
-- How the work of one resource on one day differs from its plan.
-- requires: nothing
-- source:   docs/planning.md, "Variance"

CREATE OR REPLACE FUNCTION planning.variance_kinds(
    is_planned boolean,
    is_worked boolean,
    forecast_allocation numeric,
    actual_allocation numeric,
    forecast_cost numeric,
    actual_cost numeric,
    allocation_threshold numeric DEFAULT 20,
    allocation_exception numeric DEFAULT 30,
    cost_threshold numeric DEFAULT 10,
    cost_exception numeric DEFAULT 20
)
RETURNS TABLE (variance_type text, severity text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    -- columns bear names in every branch: those that PostgreSQL makes up read otherwise after a restore
    SELECT 'unplanned_work' AS variance_type, 'high' AS severity WHERE is_worked AND NOT is_planned
    UNION ALL
    SELECT 'unworked_assignment' AS variance_type, 'high' AS severity WHERE is_planned AND NOT is_worked
    UNION ALL
    SELECT
        measure.name || CASE WHEN measure.actual > measure.forecast THEN '_over' ELSE '_under' END AS variance_type,
        -- multiplied, not divided: a threshold that is exactly reached counts
        CASE WHEN abs(measure.actual - measure.forecast) * 100 >= measure.exception * measure.forecast THEN 'high' ELSE 'medium' END AS severity
    FROM (VALUES
        ('allocation', forecast_allocation, actual_allocation, allocation_threshold, allocation_exception),
        ('cost', forecast_cost, actual_cost, cost_threshold, cost_exception)
    ) AS measure (name, forecast, actual, threshold, exception)
    WHERE is_planned AND is_worked
        -- of nothing there is no percentage
        AND measure.forecast > 0
        AND measure.actual <> measure.forecast
        AND abs(measure.actual - measure.forecast) * 100 >= measure.threshold * measure.forecast;
END;

COMMENT ON FUNCTION planning.variance_kinds IS
'No row, one, or two: allocation and cost are judged each by itself. Thresholds are percentages of the forecast; from an exception on severity is high, below it medium. Compared before rounding.';

-- planning.time_series_of()
-- Actuals of one project by day, week or month of a window, with running totals.
-- requires: planning.period_blocks(), planning.period_number(), planning.percent_of()
-- source:   docs/planning.md, "Time series and drill-down"

CREATE OR REPLACE FUNCTION planning.time_series_of(p_project_id uuid, p_from date, p_to date, p_period text)
RETURNS TABLE (
    period_no integer,
    period_start date,
    period_end date,
    total_cost numeric,
    capital_cost numeric,
    expense_cost numeric,
    actuals_count bigint,
    cumulative_total numeric,
    cumulative_capital numeric,
    cumulative_expense numeric,
    cumulative_utilization_pct numeric
)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH booked AS (
        SELECT
            num.no,
            sum(act.actual_cost) AS total,
            sum(act.capital_amount) AS capital,
            sum(act.expense_amount) AS expense,
            count(*) AS count
        FROM planning.actuals AS act
        CROSS JOIN LATERAL (SELECT planning.period_number(act.actual_date, p_from, p_period) AS no) AS num
        WHERE act.project_id = p_project_id AND act.actual_date BETWEEN p_from AND p_to
        GROUP BY num.no
    ),

    series AS (
        SELECT
            block.period_no,
            block.period_start,
            block.period_end,
            coalesce(bkd.total, 0) AS total,
            coalesce(bkd.capital, 0) AS capital,
            coalesce(bkd.expense, 0) AS expense,
            coalesce(bkd.count, 0) AS count,
            sum(coalesce(bkd.total, 0)) OVER through_block AS running_total,
            sum(coalesce(bkd.capital, 0)) OVER through_block AS running_capital,
            sum(coalesce(bkd.expense, 0)) OVER through_block AS running_expense
        FROM planning.period_blocks(p_from, p_to, p_period) AS block
        LEFT JOIN booked AS bkd ON block.period_no = bkd.no
        WINDOW through_block AS (ORDER BY block.period_no)
    )

    SELECT
        ser.period_no,
        ser.period_start,
        ser.period_end,
        ser.total,
        ser.capital,
        ser.expense,
        ser.count,
        ser.running_total,
        ser.running_capital,
        ser.running_expense,
        planning.percent_of(ser.running_total, bud.total)
    FROM series AS ser
    CROSS JOIN (
        SELECT coalesce(sum(pha.total_budget), 0) AS total FROM planning.project_phases AS pha WHERE pha.project_id = p_project_id
    ) AS bud
    ORDER BY ser.period_no;
END;

COMMENT ON FUNCTION planning.time_series_of IS
'One row per period, also for one without actuals. It asks for no user, so it is for the owner and his jobs; applications call planning.time_series(). No row for a window or a period that planning.time_series() would refuse.';

REVOKE ALL ON FUNCTION planning.time_series_of FROM PUBLIC;

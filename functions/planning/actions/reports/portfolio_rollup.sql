-- planning.portfolio_rollup()
-- Budget, actual and forecast of portfolios, summed over the projects that one user may see them of.
-- requires: planning.forecast_part, planning.require_permission(), planning.require_right(), planning.reach_of(), refresh.use_as_of()
-- requires: planning.percent_of(), planning.budget_status(), planning.completion_status(), refresh.as_of_date()
-- source:   docs/planning.md, "Roll-ups"

CREATE OR REPLACE FUNCTION planning.portfolio_rollup(
    p_user_id uuid, p_portfolio_id uuid DEFAULT NULL, p_as_of date DEFAULT refresh.as_of_date()
)
RETURNS TABLE (
    portfolio_id uuid,
    as_of_date date,
    projects_in_scope bigint,
    is_partial boolean,
    budget_total numeric,
    actual_total numeric,
    forecast_total numeric,
    budget_remaining numeric,
    forecast_variance numeric,
    budget_utilization_pct numeric,
    forecast_to_budget_pct numeric,
    budget_status text,
    completion_status text,
    current_forecast_total numeric,
    current_variance numeric,
    currency_code text
)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_budget record;
    v_forecast record;
    v_day_before text;
BEGIN
    PERFORM planning.require_permission(p_user_id, 'view_budget');
    PERFORM planning.require_permission(p_user_id, 'view_forecast');
    IF p_portfolio_id IS NOT NULL THEN
        PERFORM planning.require_right(p_user_id, 'view_budget', p_portfolio_id, 'portfolio');
        PERFORM planning.require_right(p_user_id, 'view_forecast', p_portfolio_id, 'portfolio');
    END IF;
    SELECT reach.* INTO v_budget FROM planning.reach_of(ARRAY[p_user_id], 'view_budget') AS reach;
    SELECT reach.* INTO v_forecast FROM planning.reach_of(ARRAY[p_user_id], 'view_forecast') AS reach;
    v_day_before := refresh.use_as_of(p_as_of);
    RETURN QUERY
    WITH seen AS MATERIALIZED (
        SELECT prj.id, prg.portfolio_id
        FROM planning.projects AS prj
        INNER JOIN planning.programs AS prg ON prj.program_id = prg.id
        WHERE (p_portfolio_id IS NULL OR prg.portfolio_id = p_portfolio_id)
            AND (v_budget.sees_all OR prg.id = ANY(v_budget.program_ids) OR prj.id = ANY(v_budget.project_ids))
            AND (v_forecast.sees_all OR prg.id = ANY(v_forecast.program_ids) OR prj.id = ANY(v_forecast.project_ids))
    ),

    summed AS (
        SELECT
            pfo.id AS portfolio_id,
            count(seen.id) AS projects_in_scope,
            coalesce(sum(prt.budget_labor_capital + prt.budget_labor_expense + prt.budget_nonlabor_capital + prt.budget_nonlabor_expense), 0)
                AS budget_total,
            coalesce(sum(prt.actual_labor_capital + prt.actual_labor_expense + prt.actual_nonlabor_capital + prt.actual_nonlabor_expense), 0)
                AS actual_total,
            coalesce(sum(
                prt.forecast_labor_capital + prt.forecast_labor_expense + prt.forecast_nonlabor_capital + prt.forecast_nonlabor_expense
            ), 0) AS forecast_total,
            CASE WHEN count(DISTINCT prt.currency_code) = 1 THEN min(prt.currency_code) END AS currency_code
        FROM planning.portfolios AS pfo
        LEFT JOIN seen ON pfo.id = seen.portfolio_id
        LEFT JOIN planning.forecast_part AS prt ON prt.entity_type = 'project' AND seen.id = prt.project_id
        WHERE (p_portfolio_id IS NULL OR pfo.id = p_portfolio_id)
            AND (
                seen.id IS NOT NULL
                OR (v_budget.sees_all AND v_forecast.sees_all)
                -- a program without a project is a way to its portfolio
                OR EXISTS (
                    SELECT FROM planning.programs AS prg
                    WHERE prg.portfolio_id = pfo.id
                        AND (v_budget.sees_all OR prg.id = ANY(v_budget.program_ids))
                        AND (v_forecast.sees_all OR prg.id = ANY(v_forecast.program_ids))
                )
            )
        GROUP BY pfo.id
    )

    SELECT
        summed.portfolio_id,
        p_as_of,
        summed.projects_in_scope,
        EXISTS (
            SELECT FROM planning.projects AS prj
            INNER JOIN planning.programs AS prg ON prj.program_id = prg.id
            WHERE prg.portfolio_id = summed.portfolio_id AND prj.id NOT IN (SELECT seen.id FROM seen)
        ),
        summed.budget_total,
        summed.actual_total,
        summed.forecast_total,
        summed.budget_total - summed.actual_total,
        summed.forecast_total - summed.budget_total,
        planning.percent_of(summed.actual_total, summed.budget_total),
        planning.percent_of(summed.forecast_total, summed.budget_total),
        planning.budget_status(summed.forecast_total, summed.budget_total),
        planning.completion_status(summed.actual_total, summed.budget_total),
        summed.actual_total + summed.forecast_total,
        summed.budget_total - summed.actual_total - summed.forecast_total,
        summed.currency_code
    FROM summed;
    PERFORM set_config('tidemark.as_of', v_day_before, TRUE);
END;
$$;

COMMENT ON FUNCTION planning.portfolio_rollup IS
'One row per portfolio of which the user may see something; p_portfolio_id: of this one. Only projects count on which he has view_budget and view_forecast; is_partial: the portfolio has others. Raises 42501 without one of these permissions, and for a portfolio out of reach or unknown.';

REVOKE ALL ON FUNCTION planning.portfolio_rollup FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.portfolio_rollup TO tidemark_app;

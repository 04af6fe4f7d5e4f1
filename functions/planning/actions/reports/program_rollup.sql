-- planning.program_rollup()
-- Budget, actual and forecast of programs, summed over the projects that one user may see them of.
-- requires: planning.forecast_part, planning.require_permission(), planning.require_right(), planning.reach_of(), refresh.use_as_of()
-- requires: planning.percent_of(), planning.budget_status(), planning.completion_status(), refresh.as_of_date()
-- source:   docs/planning.md, "Roll-ups"

CREATE OR REPLACE FUNCTION planning.program_rollup(
    p_user_id uuid, p_program_id uuid DEFAULT NULL, p_as_of date DEFAULT refresh.as_of_date()
)
RETURNS TABLE (
    program_id uuid,
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
    IF p_program_id IS NOT NULL THEN
        PERFORM planning.require_right(p_user_id, 'view_budget', p_program_id, 'program');
        PERFORM planning.require_right(p_user_id, 'view_forecast', p_program_id, 'program');
    END IF;
    SELECT reach.* INTO v_budget FROM planning.reach_of(ARRAY[p_user_id], 'view_budget') AS reach;
    SELECT reach.* INTO v_forecast FROM planning.reach_of(ARRAY[p_user_id], 'view_forecast') AS reach;
    v_day_before := refresh.use_as_of(p_as_of);
    RETURN QUERY
    WITH seen AS MATERIALIZED (
        SELECT prj.id, prj.program_id
        FROM planning.projects AS prj
        WHERE (p_program_id IS NULL OR prj.program_id = p_program_id)
            AND (v_budget.sees_all OR prj.program_id = ANY(v_budget.program_ids) OR prj.id = ANY(v_budget.project_ids))
            AND (v_forecast.sees_all OR prj.program_id = ANY(v_forecast.program_ids) OR prj.id = ANY(v_forecast.project_ids))
    ),

    summed AS (
        SELECT
            prg.id AS program_id,
            count(seen.id) AS projects_in_scope,
            coalesce(sum(prt.budget_labor_capital + prt.budget_labor_expense + prt.budget_nonlabor_capital + prt.budget_nonlabor_expense), 0)
                AS budget_total,
            coalesce(sum(prt.actual_labor_capital + prt.actual_labor_expense + prt.actual_nonlabor_capital + prt.actual_nonlabor_expense), 0)
                AS actual_total,
            coalesce(sum(
                prt.forecast_labor_capital + prt.forecast_labor_expense + prt.forecast_nonlabor_capital + prt.forecast_nonlabor_expense
            ), 0) AS forecast_total,
            CASE WHEN count(DISTINCT prt.currency_code) = 1 THEN min(prt.currency_code) END AS currency_code
        FROM planning.programs AS prg
        LEFT JOIN seen ON prg.id = seen.program_id
        LEFT JOIN planning.forecast_part AS prt ON prt.entity_type = 'project' AND seen.id = prt.project_id
        WHERE (p_program_id IS NULL OR prg.id = p_program_id)
            AND (
                seen.id IS NOT NULL
                OR ((v_budget.sees_all OR prg.id = ANY(v_budget.program_ids)) AND (v_forecast.sees_all OR prg.id = ANY(v_forecast.program_ids)))
            )
        GROUP BY prg.id
    )

    SELECT
        summed.program_id,
        p_as_of,
        summed.projects_in_scope,
        EXISTS (
            SELECT FROM planning.projects AS prj
            WHERE prj.program_id = summed.program_id AND prj.id NOT IN (SELECT seen.id FROM seen)
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

COMMENT ON FUNCTION planning.program_rollup IS
'One row per program of which the user may see something; p_program_id: of this one. Only projects count on which he has view_budget and view_forecast; is_partial: the program has others. Raises 42501 without one of these permissions, and for a program out of reach or unknown.';

REVOKE ALL ON FUNCTION planning.program_rollup FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.program_rollup TO tidemark_app;

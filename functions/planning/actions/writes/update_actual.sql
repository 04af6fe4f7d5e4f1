-- planning.update_actual()
-- Corrects the percentage of a labor actual, or the amounts of any actual.
-- requires: planning.require_right(), planning.require_version(), planning.lock_workers(), planning.recost_actual(), audit.record()
-- source:   docs/planning_writes.md, "Correcting actuals"

CREATE OR REPLACE FUNCTION planning.update_actual(
    p_user_id uuid, p_actual_id uuid, p_allocation_percentage numeric DEFAULT NULL,
    p_capital_amount numeric DEFAULT NULL, p_expense_amount numeric DEFAULT NULL, p_version integer DEFAULT NULL
)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_before planning.actuals;
    v_after planning.actuals;
BEGIN
    SELECT act.* INTO v_before FROM planning.actuals AS act WHERE act.id = p_actual_id;
    PERFORM planning.require_right(p_user_id, 'update_actual', v_before.project_id);
    -- the worker first and the row after it, as imports do
    PERFORM planning.lock_workers(ARRAY(SELECT wrk.id FROM planning.workers AS wrk WHERE wrk.external_id = v_before.external_worker_id));
    SELECT act.* INTO v_before FROM planning.actuals AS act
    WHERE act.id = p_actual_id AND act.actual_date = v_before.actual_date FOR UPDATE;
    PERFORM planning.require_right(p_user_id, 'update_actual', v_before.project_id);
    PERFORM planning.require_version(v_before.version, p_version);
    v_after := v_before;
    IF p_allocation_percentage IS NOT NULL AND p_capital_amount IS NULL AND p_expense_amount IS NULL
        AND v_before.allocation_percentage IS NOT NULL THEN
        v_after := planning.recost_actual(v_before, p_allocation_percentage);
    ELSIF p_allocation_percentage IS NULL AND coalesce(p_capital_amount, p_expense_amount) IS NOT NULL
        AND p_capital_amount IS DISTINCT FROM 'NaN' AND p_expense_amount IS DISTINCT FROM 'NaN'
        AND coalesce(p_capital_amount, 0) = round(coalesce(p_capital_amount, 0), 2)
        AND coalesce(p_expense_amount, 0) = round(coalesce(p_expense_amount, 0), 2)
        AND coalesce(p_capital_amount, 0) >= 0 AND coalesce(p_expense_amount, 0) >= 0 THEN
        v_after.capital_amount := coalesce(p_capital_amount, v_before.capital_amount);
        v_after.expense_amount := coalesce(p_expense_amount, v_before.expense_amount);
        v_after.actual_cost := v_after.capital_amount + v_after.expense_amount;
    ELSE
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = 'an actual is corrected by a new percentage, or by new amounts',
            DETAIL = format('Percentage %s, capital %s, expense %s; percentages are for labor, amounts have two decimals and are not negative.',
                p_allocation_percentage, p_capital_amount, p_expense_amount),
            HINT = 'Give one of both. A percentage prices the actual anew; amounts are taken as they are.';
    END IF;
    UPDATE planning.actuals AS act
    SET
        allocation_percentage = v_after.allocation_percentage,
        actual_cost = v_after.actual_cost,
        capital_amount = v_after.capital_amount,
        expense_amount = v_after.expense_amount
    WHERE act.id = p_actual_id AND act.actual_date = v_before.actual_date
    RETURNING act.* INTO v_after;
    PERFORM audit.record('planning', 'Actual', p_actual_id::text, 'UPDATE', p_user_id::text, to_jsonb(v_before), to_jsonb(v_after));
    RETURN v_after.version;
END;
$$;

COMMENT ON FUNCTION planning.update_actual IS
'Gives the new version. Raises 42501, 40001 when p_version is not the version of the row, 22023, and 23514 with ALLOCATION_CONFLICT or the code of what cannot be priced.';

REVOKE ALL ON FUNCTION planning.update_actual FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.update_actual TO tidemark_app;

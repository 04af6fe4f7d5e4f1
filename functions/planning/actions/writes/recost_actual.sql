-- planning.recost_actual()
-- What a labor actual would be with another percentage.
-- requires: planning.labor_cost(), planning.refuse_code()
-- source:   docs/planning_writes.md, "Correcting actuals"

CREATE OR REPLACE FUNCTION planning.recost_actual(p_actual planning.actuals, p_percentage numeric)
RETURNS planning.actuals LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_after planning.actuals := p_actual;
    v_others numeric;
    v_cost record;
BEGIN
    IF NOT p_percentage BETWEEN 0 AND 100 OR p_percentage <> round(p_percentage, 2) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = 'a percentage is from 0 to 100, with at most two decimals',
            DETAIL = format('%s was given.', p_percentage),
            HINT = 'Delete the actual if nothing was worked.';
    END IF;
    SELECT coalesce(sum(act.allocation_percentage), 0) INTO v_others
    FROM planning.actuals AS act
    WHERE act.external_worker_id = p_actual.external_worker_id AND act.actual_date = p_actual.actual_date AND act.id <> p_actual.id;
    IF v_others + p_percentage > 100 THEN
        PERFORM planning.refuse_code(
            'ALLOCATION_CONFLICT', 'the worker-day would be over 100 percent',
            format('Worker %s has %s percent on %s without this actual; %s would be added.',
                p_actual.external_worker_id, v_others, p_actual.actual_date, p_percentage),
            'Lower the percentage, or correct the other actuals of the day first.'
        );
    END IF;
    SELECT cos.code, cos.actual_cost, cos.capital_amount INTO v_cost
    FROM planning.workers AS wrk
    CROSS JOIN LATERAL planning.labor_cost(wrk.id, p_actual.project_id, p_actual.actual_date, p_percentage, NULL, NULL) AS cos
    WHERE wrk.external_id = p_actual.external_worker_id;
    IF NOT FOUND OR v_cost.code IS NOT NULL THEN
        v_cost.code := coalesce(v_cost.code, 'WORKER_NOT_FOUND');
        PERFORM planning.refuse_code(
            v_cost.code, 'the actual cannot be priced with another percentage',
            (SELECT cod.message FROM planning.import_codes AS cod WHERE cod.code = v_cost.code),
            'Give amounts instead of a percentage, or mend the plan and the rates first.'
        );
    END IF;
    v_after.allocation_percentage := p_percentage;
    v_after.actual_cost := v_cost.actual_cost;
    v_after.capital_amount := v_cost.capital_amount;
    v_after.expense_amount := v_cost.actual_cost - v_cost.capital_amount;
    RETURN v_after;
END;
$$;

COMMENT ON FUNCTION planning.recost_actual IS
'By the rate and the planned split of the day, as a file with the column percentage would be priced. The caller holds the lock of the worker.';

REVOKE ALL ON FUNCTION planning.recost_actual FROM PUBLIC;

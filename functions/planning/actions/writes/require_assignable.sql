-- planning.require_assignable()
-- Ends the statement unless a person can be planned for a project on a day; until the transaction ends nobody else plans that person.
-- requires: planning.lock_workers(), planning.assignment_outcome(), planning.refuse_code()
-- source:   docs/planning_writes.md, "Planning one assignment"

CREATE OR REPLACE FUNCTION planning.require_assignable(
    p_resource_id uuid, p_project_id uuid, p_assignment_date date, p_capital_percentage numeric, p_expense_percentage numeric, p_except_id uuid
)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_code text;
BEGIN
    IF p_assignment_date IS NULL OR p_capital_percentage IS NULL OR p_expense_percentage IS NULL
        OR p_capital_percentage < 0 OR p_expense_percentage < 0 THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = 'an assignment has a day and two percentages that are not negative',
            DETAIL = format('Day %s, capital %s, expense %s.', p_assignment_date, p_capital_percentage, p_expense_percentage),
            HINT = 'Give all three; 0 and 0 is a placeholder.';
    END IF;
    PERFORM planning.lock_workers(ARRAY(SELECT res.worker_id FROM planning.resources AS res WHERE res.id = p_resource_id));
    v_code := planning.assignment_outcome(
        p_resource_id, p_project_id, p_assignment_date, p_capital_percentage, p_expense_percentage, p_except_id
    );
    IF v_code <> 'OK' THEN
        PERFORM planning.refuse_code(
            v_code, 'the assignment cannot be planned',
            (SELECT cod.message FROM planning.import_codes AS cod WHERE cod.code = v_code),
            'planning.assignment_outcome() says beforehand what is in the way.'
        );
    END IF;
END;
$$;

COMMENT ON FUNCTION planning.require_assignable IS
'Raises 23514 with the first code of planning.assignment_code() that applies, 22023 for values that no assignment has.';

REVOKE ALL ON FUNCTION planning.require_assignable FROM PUBLIC;

-- planning.override_occurrence()
-- Puts an amount in the place of a planned one, or takes it away again.
-- requires: planning.require_right(), planning.refuse_code(), audit.record()
-- source:   docs/planning_writes.md, "Money planned without people"

CREATE OR REPLACE FUNCTION planning.override_occurrence(p_user_id uuid, p_line_id uuid, p_occurrence_date date, p_amount numeric)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_project_id uuid := (SELECT lin.project_id FROM planning.nonlabor_plan_lines AS lin WHERE lin.id = p_line_id);
    v_before planning.nonlabor_plan_occurrences;
    v_after planning.nonlabor_plan_occurrences;
BEGIN
    PERFORM planning.require_right(p_user_id, 'update_project', v_project_id);
    SELECT occ.* INTO v_before FROM planning.nonlabor_plan_occurrences AS occ
    WHERE occ.plan_line_id = p_line_id AND occ.occurrence_date = p_occurrence_date FOR UPDATE;
    IF NOT FOUND OR p_amount < 0 OR p_amount <> round(p_amount, 4) THEN
        PERFORM planning.refuse_code(
            CASE WHEN v_before.id IS NULL THEN 'OCCURRENCE_NOT_FOUND' ELSE 'AMOUNT_INVALID' END,
            'the amount cannot be put in the place of another', format('Day %s, amount %s.', p_occurrence_date, p_amount),
            'Name a day of the line; amounts are not negative and have four decimals at most.'
        );
    END IF;
    UPDATE planning.nonlabor_plan_occurrences AS occ SET override_amount = p_amount WHERE occ.id = v_before.id
    RETURNING occ.* INTO v_after;
    PERFORM audit.record('planning', 'NonlaborPlanOccurrence', v_before.id::text, 'UPDATE', p_user_id::text, to_jsonb(v_before), to_jsonb(v_after));
END;
$$;

COMMENT ON FUNCTION planning.override_occurrence IS
'p_amount NULL: the planned amount counts again; 0 is an amount. Raises 42501, and 23514 with OCCURRENCE_NOT_FOUND or AMOUNT_INVALID.';

REVOKE ALL ON FUNCTION planning.override_occurrence FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.override_occurrence TO tidemark_app;

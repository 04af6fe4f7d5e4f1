-- planning.merge_assignments()
-- Plans the good rows of a file of assignments.
-- requires: planning.check_assignments(), audit.record(), planning.uuid_of_text(), load.trimmed()
-- source:   docs/planning_writes.md, "Planning many assignments"

CREATE OR REPLACE FUNCTION planning.merge_assignments(p_upload_id bigint)
RETURNS jsonb LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_user_id text := (SELECT nullif(load.trimmed(upl.parameters ->> 'user'), '') FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id);
    v_count bigint;
BEGIN
    WITH made AS (
        INSERT INTO planning.resource_assignments AS asg (resource_id, project_id, assignment_date, capital_percentage, expense_percentage)
        SELECT imp.resource_id, imp.project_id, imp.assignment_date, imp.capital_percentage, imp.expense_percentage
        FROM pg_temp.import_rows AS imp
        INNER JOIN pg_temp.checked_rows AS chk ON imp.row_no = chk.row_no
        WHERE NOT chk.is_rejected
        ORDER BY imp.resource_id, imp.project_id, imp.assignment_date
        RETURNING asg.*
    ),

    noted AS MATERIALIZED (
        SELECT audit.record('planning', 'ResourceAssignment', made.id::text, 'CREATE', v_user_id, p_after => to_jsonb(made),
            p_batch => 'upload ' || p_upload_id)
        FROM made
    )

    SELECT count(*) INTO v_count FROM noted;
    RETURN jsonb_build_object('planned', v_count);
END;
$$;

COMMENT ON FUNCTION planning.merge_assignments IS
'Hook of the loader.';

REVOKE ALL ON FUNCTION planning.merge_assignments FROM PUBLIC;

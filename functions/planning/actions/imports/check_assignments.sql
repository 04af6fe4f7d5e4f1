-- planning.check_assignments()
-- Decides for each row of a file of assignments whether it can be planned.
-- requires: planning.uuid_of_text(), planning.day_of_text(), planning.number_of_text(), planning.percentage_codes(), planning.import_projects()
-- requires: planning.lock_workers(), planning.judge_assignments(), planning.note_import_rows()
-- source:   docs/planning_writes.md, "Planning many assignments"

CREATE OR REPLACE FUNCTION planning.check_assignments(p_upload_id bigint)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DROP TABLE IF EXISTS import_rows;
    CREATE TEMPORARY TABLE import_rows ON COMMIT DROP AS
    WITH given AS MATERIALIZED (
        SELECT
            chk.row_no,
            chk.resource_id AS cell_resource_id,
            chk.project_id AS cell_project_id,
            chk.date AS cell_date,
            chk.capital_percentage AS cell_capital_percentage,
            chk.expense_percentage AS cell_expense_percentage,
            planning.uuid_of_text(chk.resource_id) AS resource_id,
            planning.uuid_of_text(chk.project_id) AS project_id,
            planning.day_of_text(chk.date) AS assignment_date,
            planning.number_of_text(chk.capital_percentage) AS capital_percentage,
            planning.number_of_text(chk.expense_percentage) AS expense_percentage
        FROM pg_temp.checked_rows AS chk
        WHERE NOT chk.is_rejected
    )

    SELECT giv.*, array_remove(ARRAY[
        CASE
            WHEN giv.cell_project_id IS NULL THEN 'PROJECT_REQUIRED'
            WHEN giv.project_id IS NULL THEN 'PROJECT_ID_INVALID'
            WHEN prj.code = 'PROJECT_OUT_OF_SCOPE' THEN prj.code
        END,
        CASE
            WHEN giv.cell_resource_id IS NULL THEN 'RESOURCE_REQUIRED'
            WHEN giv.resource_id IS NULL THEN 'RESOURCE_ID_INVALID'
        END,
        CASE
            WHEN giv.cell_date IS NULL THEN 'DATE_REQUIRED'
            WHEN giv.assignment_date IS NULL THEN 'DATE_INVALID'
        END
    ], NULL) || ARRAY(
        -- what is too large has a code of its own when an assignment is planned
        SELECT cod.code FROM unnest(planning.percentage_codes(TRUE, NULL, giv.cell_capital_percentage, giv.cell_expense_percentage)) AS cod (code)
        WHERE cod.code !~ 'TOO_LARGE$'
    ) AS codes
    FROM given AS giv
    LEFT JOIN planning.import_projects(
        p_upload_id, 'create_assignment', ARRAY(SELECT DISTINCT ids.project_id FROM given AS ids WHERE ids.project_id IS NOT NULL)
    ) AS prj ON giv.project_id = prj.project_id;
    PERFORM planning.lock_workers(ARRAY(
        SELECT res.worker_id FROM planning.resources AS res
        WHERE res.id IN (SELECT imp.resource_id FROM pg_temp.import_rows AS imp WHERE imp.codes = '{}')
    ));
    PERFORM planning.judge_assignments();
    PERFORM planning.note_import_rows(p_upload_id);
END;
$$;

COMMENT ON FUNCTION planning.check_assignments IS
'Hook of the loader. Cells that cannot be read have codes of their own, several a row; other rows have the first code of planning.assignment_code().';

REVOKE ALL ON FUNCTION planning.check_assignments FROM PUBLIC;

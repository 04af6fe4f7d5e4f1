-- planning.check_nonlabor_actuals()
-- Takes a file of non-labor actuals through the stages of its import, up to the first that fails.
-- requires: planning.refuse_import_shape(), planning.note_import_rows(), planning.refuse_import_rows(), planning.refuse_import_watermark()
-- requires: planning.uuid_of_text(), planning.day_of_text(), planning.number_of_text(), planning.amount_code(), planning.import_projects()
-- source:   docs/planning_writes.md, "Importing actuals"

CREATE OR REPLACE FUNCTION planning.check_nonlabor_actuals(p_upload_id bigint)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF planning.refuse_import_shape(
        p_upload_id, '{external_worker_id,worker_name,percentage,capital_percentage,expense_percentage}', '{""}'
    ) THEN
        RETURN;
    END IF;
    DROP TABLE IF EXISTS import_rows;
    CREATE TEMPORARY TABLE import_rows ON COMMIT DROP AS
    WITH given AS MATERIALIZED (
        SELECT
            chk.row_no,
            chk.project_id AS cell_project_id,
            chk.resource_id AS cell_resource_id,
            chk.date AS cell_date,
            chk.capital AS cell_capital,
            chk.expense AS cell_expense,
            planning.uuid_of_text(chk.project_id) AS project_id,
            planning.uuid_of_text(chk.resource_id) AS resource_id,
            planning.day_of_text(chk.date) AS actual_date,
            planning.number_of_text(chk.capital) AS capital_amount,
            planning.number_of_text(chk.expense) AS expense_amount
        FROM pg_temp.checked_rows AS chk
        WHERE NOT chk.is_rejected
    )

    SELECT giv.*, array_remove(ARRAY[
        CASE
            WHEN giv.cell_project_id IS NULL THEN 'PROJECT_REQUIRED'
            WHEN giv.project_id IS NULL THEN 'PROJECT_ID_INVALID'
            ELSE prj.code
        END,
        CASE
            WHEN giv.cell_resource_id IS NULL THEN 'RESOURCE_REQUIRED'
            WHEN giv.resource_id IS NULL THEN 'RESOURCE_ID_INVALID'
            WHEN res.id IS NULL THEN 'RESOURCE_NOT_FOUND'
            WHEN res.resource_type <> 'NON_LABOR' THEN 'RESOURCE_NOT_NON_LABOR'
        END,
        CASE
            WHEN giv.cell_date IS NULL THEN 'DATE_REQUIRED'
            WHEN giv.actual_date IS NULL THEN 'DATE_INVALID'
        END,
        planning.amount_code('capital', giv.cell_capital),
        planning.amount_code('expense', giv.cell_expense)
    ], NULL) AS codes
    FROM given AS giv
    LEFT JOIN planning.import_projects(
        p_upload_id, 'import_actuals', ARRAY(SELECT DISTINCT ids.project_id FROM given AS ids WHERE ids.project_id IS NOT NULL)
    ) AS prj ON giv.project_id = prj.project_id
    LEFT JOIN planning.resources AS res ON giv.resource_id = res.id;
    PERFORM planning.note_import_rows(p_upload_id);
    IF NOT planning.refuse_import_rows(p_upload_id, 'ROW_VALIDATION') THEN
        PERFORM planning.refuse_import_watermark(p_upload_id);
    END IF;
END;
$$;

COMMENT ON FUNCTION planning.check_nonlabor_actuals IS
'Hook of the loader. pg_temp.import_rows has the rows to store; error_code of the upload is the outcome of the first stage that fails.';

REVOKE ALL ON FUNCTION planning.check_nonlabor_actuals FROM PUBLIC;

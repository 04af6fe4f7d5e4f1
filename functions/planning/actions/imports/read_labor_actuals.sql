-- planning.read_labor_actuals()
-- Reads the rows of a file of labor actuals, with the codes of what is wrong in them.
-- requires: planning.uuid_of_text(), planning.day_of_text(), planning.number_of_text(), planning.percentage_codes(), planning.import_projects()
-- source:   docs/planning_writes.md, "Rows"

CREATE OR REPLACE FUNCTION planning.read_labor_actuals(p_upload_id bigint)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_is_split boolean := (
        SELECT bool_or(load.trimmed(hea.name) = 'capital_percentage')
        FROM load.uploads AS upl, unnest(upl.header) AS hea (name)
        WHERE upl.upload_id = p_upload_id
    );
BEGIN
    DROP TABLE IF EXISTS import_rows;
    CREATE TEMPORARY TABLE import_rows ON COMMIT DROP AS
    WITH given AS MATERIALIZED (
        SELECT
            chk.row_no,
            chk.project_id AS cell_project_id,
            chk.external_worker_id AS cell_external_worker_id,
            chk.worker_name AS cell_worker_name,
            chk.date AS cell_date,
            chk.percentage AS cell_percentage,
            chk.capital_percentage AS cell_capital_percentage,
            chk.expense_percentage AS cell_expense_percentage,
            planning.uuid_of_text(chk.project_id) AS project_id,
            planning.day_of_text(chk.date) AS actual_date,
            planning.number_of_text(chk.percentage) AS percentage,
            planning.number_of_text(chk.capital_percentage) AS capital_percentage,
            planning.number_of_text(chk.expense_percentage) AS expense_percentage
        FROM pg_temp.checked_rows AS chk
        WHERE NOT chk.is_rejected
    )

    SELECT
        giv.*,
        wrk.id AS worker_id,
        -- as the table writes it: the C collation of a cell would keep lookups of its actuals from their index
        wrk.external_id AS external_worker_id,
        wrk.worker_type_id,
        v_is_split AS is_split,
        CASE WHEN v_is_split THEN giv.capital_percentage + giv.expense_percentage ELSE giv.percentage END AS allocation_percentage,
        NULL::uuid AS resource_id,
        NULL::numeric AS actual_cost,
        NULL::numeric AS capital_amount,
        array_remove(ARRAY[
            CASE
                WHEN giv.cell_project_id IS NULL THEN 'PROJECT_REQUIRED'
                WHEN giv.project_id IS NULL THEN 'PROJECT_ID_INVALID'
                ELSE prj.code
            END,
            CASE
                WHEN giv.cell_external_worker_id IS NULL THEN 'WORKER_REQUIRED'
                WHEN wrk.id IS NULL THEN 'WORKER_NOT_FOUND'
                WHEN giv.cell_worker_name <> wrk.name THEN 'WORKER_NAME_MISMATCH'
            END,
            CASE WHEN giv.cell_worker_name IS NULL THEN 'WORKER_NAME_REQUIRED' END,
            CASE
                WHEN giv.cell_date IS NULL THEN 'DATE_REQUIRED'
                WHEN giv.actual_date IS NULL THEN 'DATE_INVALID'
            END
        ], NULL) || planning.percentage_codes(
            v_is_split, giv.cell_percentage, giv.cell_capital_percentage, giv.cell_expense_percentage
        ) AS codes
    FROM given AS giv
    LEFT JOIN planning.import_projects(
        p_upload_id, 'import_actuals', ARRAY(SELECT DISTINCT ids.project_id FROM given AS ids WHERE ids.project_id IS NOT NULL)
    ) AS prj ON giv.project_id = prj.project_id
    LEFT JOIN planning.workers AS wrk ON giv.cell_external_worker_id = wrk.external_id;
    ANALYZE pg_temp.import_rows;
END;
$$;

COMMENT ON FUNCTION planning.read_labor_actuals IS
'Makes pg_temp.import_rows: cells, values and codes in the order of the checks, several a row.';

REVOKE ALL ON FUNCTION planning.read_labor_actuals FROM PUBLIC;

-- planning.merge_labor_actuals()
-- Stores the rows of an accepted file of labor actuals, as one batch.
-- requires: planning.check_labor_actuals(), planning.create_import_batch()
-- source:   docs/planning_writes.md, "Importing actuals"

CREATE OR REPLACE FUNCTION planning.merge_labor_actuals(p_upload_id bigint)
RETURNS jsonb LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_batch_id uuid := planning.create_import_batch(p_upload_id, 'labor');
    v_count bigint;
BEGIN
    INSERT INTO planning.actuals (
        project_id, resource_id, import_batch_id, external_worker_id, worker_name, actual_date, allocation_percentage,
        actual_cost, capital_amount, expense_amount
    )
    SELECT
        imp.project_id, imp.resource_id, v_batch_id, imp.cell_external_worker_id, imp.cell_worker_name, imp.actual_date,
        imp.allocation_percentage, imp.actual_cost, imp.capital_amount, imp.actual_cost - imp.capital_amount
    FROM pg_temp.import_rows AS imp
    ORDER BY imp.row_no;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN jsonb_build_object('imported', v_count, 'batch', v_batch_id);
END;
$$;

COMMENT ON FUNCTION planning.merge_labor_actuals IS
'Hook of the loader.';

REVOKE ALL ON FUNCTION planning.merge_labor_actuals FROM PUBLIC;

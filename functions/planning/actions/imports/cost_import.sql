-- planning.cost_import()
-- Prices the rows of a file of labor actuals, or says why they cannot be priced.
-- requires: planning.labor_cost()
-- source:   docs/planning_writes.md, "What an actual costs"

CREATE OR REPLACE FUNCTION planning.cost_import()
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE pg_temp.import_rows AS imp
    SET
        resource_id = cos.resource_id,
        actual_cost = cos.actual_cost,
        capital_amount = cos.capital_amount,
        codes = array_remove(ARRAY[cos.code], NULL)
    FROM pg_temp.import_rows AS row
    CROSS JOIN LATERAL planning.labor_cost(
        row.worker_id, row.project_id, row.actual_date, row.percentage, row.capital_percentage, row.expense_percentage
    ) AS cos
    WHERE imp.row_no = row.row_no;
END;
$$;

COMMENT ON FUNCTION planning.cost_import IS
'Fills resource, cost and capital amount of pg_temp.import_rows, and codes where that is not possible.';

REVOKE ALL ON FUNCTION planning.cost_import FROM PUBLIC;

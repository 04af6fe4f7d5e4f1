-- planning.note_import_rows()
-- Writes down what is wrong with the rows of a file of actuals, code by code.
-- requires: nothing
-- source:   docs/planning_writes.md, "Rows"

CREATE OR REPLACE FUNCTION planning.note_import_rows(p_upload_id bigint)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO load.issues (upload_id, row_no, severity, reason, column_name, raw_value, message)
    SELECT p_upload_id, imp.row_no, 'reject', cod.code, cod.column_name, left(coalesce(to_jsonb(imp) ->> ('cell_' || cod.column_name), ''), 200), cod.message
    FROM pg_temp.import_rows AS imp
    CROSS JOIN LATERAL unnest(imp.codes) AS giv (code)
    INNER JOIN planning.import_codes AS cod ON giv.code = cod.code
    ORDER BY imp.row_no, cod.position;
    UPDATE pg_temp.import_rows AS imp SET codes = '{}' WHERE imp.codes <> '{}';
END;
$$;

COMMENT ON FUNCTION planning.note_import_rows IS
'Takes the codes of pg_temp.import_rows away once they are issues of the upload.';

REVOKE ALL ON FUNCTION planning.note_import_rows FROM PUBLIC;

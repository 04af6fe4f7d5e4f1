-- planning.refuse_import_shape()
-- Refuses a file of actuals whose header or records do not have the shape of its importer.
-- requires: load.fail(), load.trimmed()
-- source:   docs/planning_writes.md, "Importing actuals"

CREATE OR REPLACE FUNCTION planning.refuse_import_shape(p_upload_id bigint, p_foreign_columns text[], p_forms text[])
RETURNS boolean LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_header text[];
    v_rows bigint;
    v_found text;
    v_short text;
BEGIN
    SELECT (SELECT array_agg(load.trimmed(hea.name)) FROM unnest(upl.header) AS hea (name)), upl.staged_rows INTO v_header, v_rows
    FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id;
    SELECT string_agg(col.name, ';' ORDER BY col.place) INTO v_found
    FROM unnest(p_foreign_columns) WITH ORDINALITY AS col (name, place)
    WHERE col.name = ANY (v_header);
    IF v_found IS NOT NULL THEN
        PERFORM load.fail(p_upload_id, 'WRONG_IMPORTER', v_found, format('Columns of another import: %s.', v_found));
        RETURN TRUE;
    END IF;
    SELECT coalesce(string_agg(col.name, ',' ORDER BY col.name), '') INTO v_found
    FROM unnest(ARRAY['percentage', 'capital_percentage', 'expense_percentage']) AS col (name)
    WHERE col.name = ANY (v_header);
    IF v_found <> ALL (p_forms) THEN
        PERFORM load.fail(p_upload_id, 'PERCENTAGE_COLUMNS', nullif(v_found, ''),
            'A file has either the column percentage, or capital_percentage and expense_percentage.');
        RETURN TRUE;
    END IF;
    SELECT string_agg((iss.row_no + 1)::text, ', ' ORDER BY iss.row_no) INTO v_short
    FROM (
        SELECT iss.row_no FROM load.issues AS iss
        WHERE iss.upload_id = p_upload_id AND iss.reason = 'too_few_fields' ORDER BY iss.row_no LIMIT 20
    ) AS iss;
    IF v_short IS NOT NULL THEN
        PERFORM load.fail(p_upload_id, 'ROW_SHAPE', v_short, format('Rows that are too short: %s.', v_short));
        RETURN TRUE;
    END IF;
    IF v_rows = 0 THEN
        PERFORM load.fail(p_upload_id, 'NO_DATA_ROWS', NULL, 'There is no row after the header.');
        RETURN TRUE;
    END IF;
    RETURN FALSE;
END;
$$;

COMMENT ON FUNCTION planning.refuse_import_shape IS
'True, and the upload has failed with WRONG_IMPORTER, PERCENTAGE_COLUMNS, ROW_SHAPE or NO_DATA_ROWS, the first that applies. p_forms: the sets of percentage columns that it may have, names in byte order with commas.';

REVOKE ALL ON FUNCTION planning.refuse_import_shape FROM PUBLIC;

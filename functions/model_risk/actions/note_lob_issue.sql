-- model_risk.note_lob_issue()
-- Writes down what keeps a node of a hierarchy file from being placed.
-- requires: nothing
-- source:   docs/model_risk.md, "Importing the hierarchy"

CREATE OR REPLACE FUNCTION model_risk.note_lob_issue(
    p_upload_id bigint, p_line_no integer, p_code text, p_name text, p_org_unit text, p_column text, p_unit_column text
)
RETURNS boolean LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_category text;
    v_message text;
    v_is_of_unit boolean := FALSE;
BEGIN
    IF p_name IS NULL THEN
        v_category := 'DUPLICATE_CODE';
        v_message := format('Row %s: Duplicate code ''%s''', p_line_no, p_code);
    ELSIF p_code = '' THEN
        v_category := 'BAD_CODE';
        v_message := format('Row %s: Could not derive code for ''%s''', p_line_no, p_name);
    ELSIF p_org_unit !~ '^([0-9]{5}|S[0-9]{4})$' THEN
        v_category := 'BAD_ORG_UNIT';
        v_is_of_unit := TRUE;
        v_message := format('Row %s: Invalid org unit ''%s''', p_line_no, p_org_unit);
    ELSIF length(p_name) > 255 THEN
        v_category := 'TOO_LONG';
        v_message := format('Row %s: Name is longer than 255 characters', p_line_no);
    ELSE
        RETURN FALSE;
    END IF;
    INSERT INTO load.issues (upload_id, row_no, severity, reason, column_name, raw_value, message)
    VALUES (
        p_upload_id, p_line_no - 1, 'reject', v_category,
        CASE WHEN v_is_of_unit THEN p_unit_column ELSE p_column END,
        left(CASE WHEN v_is_of_unit THEN p_org_unit ELSE coalesce(p_name, p_code) END, 200),
        v_message
    );
    RETURN TRUE;
END;
$$;

COMMENT ON FUNCTION model_risk.note_lob_issue IS
'True, and an issue, when code, name or org unit cannot be used. p_name NULL: the parent has a node of that code already. p_column, p_unit_column: the headers of name and org unit.';

REVOKE ALL ON FUNCTION model_risk.note_lob_issue FROM PUBLIC;

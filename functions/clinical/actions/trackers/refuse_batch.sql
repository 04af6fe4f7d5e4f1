-- clinical.refuse_batch()
-- The answer to a list of rows that is not looked at.
-- requires: nothing
-- source:   docs/clinical_writes.md, "Lists of rows"

CREATE OR REPLACE FUNCTION clinical.refuse_batch(p_code text, p_rows jsonb)
RETURNS TABLE (
    status text, code text, row_count integer, updated_count integer, unchanged_count integer, error_count integer, changed_count integer,
    row_results jsonb
)
LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT
        CASE WHEN p_code = 'forbidden' THEN p_code ELSE 'rejected' END,
        p_code,
        CASE WHEN jsonb_typeof(p_rows) = 'array' THEN jsonb_array_length(p_rows) END,
        0,
        0,
        0,
        0,
        '[]'::jsonb;
END;

COMMENT ON FUNCTION clinical.refuse_batch IS
'status: forbidden or rejected. row_count is NULL when there is no list.';

REVOKE ALL ON FUNCTION clinical.refuse_batch FROM PUBLIC;

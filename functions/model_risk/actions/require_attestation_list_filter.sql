-- model_risk.require_attestation_list_filter()
-- Refuses a status that no cycle can have and a page size out of range.
-- requires: nothing
-- source:   docs/errors.md, "Model risk"

CREATE OR REPLACE FUNCTION model_risk.require_attestation_list_filter(
    p_status text, p_limit integer, p_offset integer
)
RETURNS void LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    c_statuses CONSTANT text[] := ARRAY['PENDING', 'OPEN', 'UNDER_REVIEW', 'CLOSED'];
BEGIN
    IF p_status IS NOT NULL AND p_status <> ALL (c_statuses) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('"%s" is not a status of an attestation cycle', p_status),
            DETAIL = format('The statuses are %s.', array_to_string(c_statuses, ', ')),
            HINT = 'Give one of them, or NULL for all cycles.';
    END IF;
    IF p_limit IS NULL OR p_limit NOT BETWEEN 1 AND 500 THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_row_count_in_limit_clause',
            MESSAGE = format('limit %s is out of range', coalesce(p_limit::text, 'NULL')),
            DETAIL = 'A page has 1 to 500 cycles.',
            HINT = 'Give a limit between 1 and 500, or leave it out for 100.';
    END IF;
    IF p_offset IS NULL OR p_offset < 0 THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_row_count_in_result_offset_clause',
            MESSAGE = format('offset %s is out of range', coalesce(p_offset::text, 'NULL')),
            DETAIL = 'An offset counts the cycles to skip.',
            HINT = 'Give 0 or more, or leave it out for the first page.';
    END IF;
END;
$$;

COMMENT ON FUNCTION model_risk.require_attestation_list_filter IS
'Raises 22023 for an unknown status, 2201W for a limit outside 1..500, 2201X for a negative offset; otherwise does nothing.';

REVOKE ALL ON FUNCTION model_risk.require_attestation_list_filter FROM PUBLIC;
GRANT EXECUTE ON FUNCTION model_risk.require_attestation_list_filter TO tidemark_app;

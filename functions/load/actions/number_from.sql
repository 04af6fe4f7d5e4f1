-- load.number_from()
-- The number that the next record without one gets.
-- requires: load_internal.stage_name(), load_internal.require_mine()
-- source:   docs/loading.md, "The life of an upload"

CREATE OR REPLACE FUNCTION load.number_from(p_upload_id bigint, p_record_no bigint)
RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT load_internal.require_mine(p_upload_id);
    SELECT NULL::void
    FROM setval(pg_get_serial_sequence(load_internal.stage_name(p_upload_id), 'record_no'), p_record_no, FALSE);
END;

COMMENT ON FUNCTION load.number_from IS
'Chunks that are copied as they are get their record numbers from a sequence; this sets it.';

REVOKE ALL ON FUNCTION load.number_from FROM PUBLIC;
GRANT EXECUTE ON FUNCTION load.number_from TO tidemark_loader, tidemark_operator;

-- load_internal.stage_name()
-- The table that holds the records of an upload until it ends.
-- requires: nothing
-- source:   docs/loading.md, "The life of an upload"

CREATE OR REPLACE FUNCTION load_internal.stage_name(p_upload_id bigint)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format('load_data.stage_%s', p_upload_id);

COMMENT ON FUNCTION load_internal.stage_name IS
'Columns: record_no, needs_care, flaw, flaw_value, then c1, c2 and so on for the cells in the order of the header.';

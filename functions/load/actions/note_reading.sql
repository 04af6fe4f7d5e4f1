-- load.note_reading()
-- Keeps how the file of an upload is read, and what was seen in it.
-- requires: load_internal.require_mine()
-- source:   docs/loading.md, "Files that are not plain CSV"

CREATE OR REPLACE FUNCTION load.note_reading(p_upload_id bigint, p_reading jsonb)
RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT load_internal.require_mine(p_upload_id);
    UPDATE load.uploads AS upl SET reading = upl.reading || p_reading
    WHERE upl.upload_id = p_upload_id AND upl.load_status = 'staging';
END;

COMMENT ON FUNCTION load.note_reading IS
'Keys: encoding and delimiter where they are not UTF-8 and the comma; seen, a sentence for people; undecoded, what to say of cells with bytes that could not be read.';

REVOKE ALL ON FUNCTION load.note_reading FROM PUBLIC;
GRANT EXECUTE ON FUNCTION load.note_reading TO tidemark_loader, tidemark_operator;

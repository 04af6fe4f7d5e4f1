-- load.set_parameter()
-- Keeps a value with an upload, for the later hooks of its domain.
-- requires: nothing
-- source:   docs/loading.md, "The functions of a domain"

CREATE OR REPLACE FUNCTION load.set_parameter(p_upload_id bigint, p_name text, p_value text)
RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    UPDATE load.uploads AS upl
    SET parameters = upl.parameters || jsonb_build_object(p_name, p_value)
    WHERE upl.upload_id = p_upload_id;
END;

COMMENT ON FUNCTION load.set_parameter IS
'Sets one key of load.uploads.parameters. Called by hooks.';

REVOKE ALL ON FUNCTION load.set_parameter FROM PUBLIC;

-- load_internal.is_export()
-- Whether a file is an export of rejected records, by its header.
-- requires: nothing
-- source:   docs/loading.md, "Rejected rows"

CREATE OR REPLACE FUNCTION load_internal.is_export(header text[])
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 'rejected_because' = ANY (header);

COMMENT ON FUNCTION load_internal.is_export IS
'True for a file that load.rejects_file() made; its guarded cells are read without their apostrophe.';

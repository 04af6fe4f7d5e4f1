-- planning.is_reading()
-- Says whether a permission only lets somebody see something.
-- requires: nothing
-- source:   docs/planning.md, "What a scope opens"

CREATE OR REPLACE FUNCTION planning.is_reading(permission text)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN permission LIKE 'read\_%' OR permission LIKE 'view\_%';

COMMENT ON FUNCTION planning.is_reading IS
'True for read_… and view_…: what the scope of a project opens of the program and portfolio above it. NULL for NULL.';

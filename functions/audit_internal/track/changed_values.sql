-- audit_internal.changed_values()
-- Gives of a row the columns that another version of it has otherwise.
-- requires: nothing
-- source:   docs/audit.md, "Direct changes"

CREATE OR REPLACE FUNCTION audit_internal.changed_values(p_row jsonb, p_other jsonb, p_hidden text[])
RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
    SELECT jsonb_object_agg(col.name, CASE WHEN col.name = ANY(p_hidden) THEN '"(hidden)"' ELSE col.value END)
    FROM jsonb_each(p_row) AS col (name, value)
    WHERE p_other IS NULL OR col.value IS DISTINCT FROM p_other -> col.name
);

COMMENT ON FUNCTION audit_internal.changed_values IS
'All columns when there is no other version. Of a hidden column it is said that it changed, and not how.';

REVOKE ALL ON FUNCTION audit_internal.changed_values FROM PUBLIC;

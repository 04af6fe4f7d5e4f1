-- planning.scope_shape_error()
-- Says what is wrong with a scope, by its kind and what it names.
-- requires: nothing
-- source:   docs/planning.md, "Scopes"

CREATE OR REPLACE FUNCTION planning.scope_shape_error(scope_type text, program_id uuid, project_id uuid)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE scope_type
    WHEN 'global' THEN CASE WHEN program_id IS NOT NULL OR project_id IS NOT NULL THEN 'GLOBAL_WITH_TARGET' END
    WHEN 'program' THEN CASE WHEN program_id IS NULL THEN 'PROGRAM_REQUIRED' WHEN project_id IS NOT NULL THEN 'PROGRAM_WITH_PROJECT' END
    WHEN 'project' THEN CASE WHEN project_id IS NULL THEN 'PROJECT_REQUIRED' WHEN program_id IS NOT NULL THEN 'PROJECT_WITH_PROGRAM' END
    ELSE 'SCOPE_TYPE_UNKNOWN'
END;

COMMENT ON FUNCTION planning.scope_shape_error IS
'A code, or NULL for a legal shape. Whether the program or project exists is not asked here.';

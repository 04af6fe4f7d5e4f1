-- clinical.user_field_code()
-- Says what is wrong with a value for a column of a user.
-- requires: clinical.label_fits()
-- source:   docs/clinical_writes.md, "Users"

CREATE OR REPLACE FUNCTION clinical.user_field_code(field text, value jsonb)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN value IS NULL THEN NULL
    WHEN value = 'null' THEN CASE WHEN field NOT IN ('email', 'department') THEN 'null_not_allowed' END
    WHEN field = 'is_active' THEN CASE WHEN jsonb_typeof(value) <> 'boolean' THEN 'value_invalid' END
    WHEN jsonb_typeof(value) <> 'string' THEN 'value_invalid'
    WHEN CASE field
        WHEN 'role' THEN (value #>> '{}') NOT IN ('ADMIN', 'EDITOR', 'VIEWER')
        WHEN 'department' THEN (value #>> '{}') NOT IN ('programming', 'biostatistics', 'management')
        WHEN 'auth_provider' THEN (value #>> '{}') NOT IN ('local', 'google', 'microsoft', 'github', 'okta', 'custom')
        ELSE value = '""' OR NOT clinical.label_fits(value #>> '{}')
    END THEN 'value_invalid'
END;

COMMENT ON FUNCTION clinical.user_field_code IS
'NULL: nothing, or no value given. The checks of the table say the same.';

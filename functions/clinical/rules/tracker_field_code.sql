-- clinical.tracker_field_code()
-- Says what is wrong with a value for a field of a tracker.
-- requires: clinical.is_integer(), clinical.day_of()
-- source:   docs/clinical_writes.md, "Fields of a tracker"

CREATE OR REPLACE FUNCTION clinical.tracker_field_code(
    kind text, is_nullable boolean, words text[], value jsonb, user_exists boolean, user_may_be_named boolean
)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN value = 'null' THEN CASE WHEN NOT is_nullable THEN 'null_not_allowed' END
    WHEN kind = 'flag' THEN CASE WHEN jsonb_typeof(value) <> 'boolean' THEN 'value_invalid' END
    WHEN kind = 'user' AND NOT clinical.is_integer(value) THEN 'value_invalid'
    WHEN kind <> 'user' AND jsonb_typeof(value) <> 'string' THEN 'value_invalid'
    WHEN kind = 'word' THEN CASE WHEN (value #>> '{}') <> ALL(words) THEN 'value_invalid' END
    WHEN kind = 'day' THEN CASE WHEN clinical.day_of(value #>> '{}') IS NULL THEN 'value_invalid' END
    WHEN NOT user_exists THEN 'user_not_found'
    WHEN NOT user_may_be_named THEN 'user_inactive'
END;

COMMENT ON FUNCTION clinical.tracker_field_code IS
'NULL: nothing. kind as of clinical.tracker_fields(), or name: a user by name. user_may_be_named: is active, or is the one who is there already.';

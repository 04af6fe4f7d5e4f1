-- refresh_internal.same_key()
-- Writes the condition under which two rows have the same key, in a form that indexes can serve.
-- requires: refresh_internal.equality_of()
-- source:   docs/refresh.md, "Keys"

CREATE OR REPLACE FUNCTION refresh_internal.same_key(
    p_left text,
    p_right text,
    p_key_columns text[],
    p_key_types text[],
    p_known_columns text[],
    p_null_columns text[]
)
RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT string_agg(
        CASE
            WHEN key.name = ANY(p_null_columns) THEN format('%1$s.%2$I IS NULL', p_left, key.name)
                || CASE WHEN p_right = 'dirty' THEN '' ELSE format(' AND %1$s.%2$I IS NULL', p_right, key.name) END
            WHEN key.name = ANY(p_known_columns)
                THEN format('%1$s.%2$I %3$s %4$s.%2$I', p_left, key.name, refresh_internal.equality_of(key.type), p_right)
            ELSE format('(%1$s.%2$I %3$s %4$s.%2$I OR (%1$s.%2$I IS NULL AND %4$s.%2$I IS NULL))',
                p_left, key.name, refresh_internal.equality_of(key.type), p_right)
        END, ' AND ' ORDER BY key.position
    )
    FROM unnest(p_key_columns, p_key_types) WITH ORDINALITY AS key (name, type, position);
END;

COMMENT ON FUNCTION refresh_internal.same_key IS
'p_known_columns: parts known not to be NULL; p_null_columns: parts known to be NULL; any other part may be either.';

REVOKE ALL ON FUNCTION refresh_internal.same_key FROM PUBLIC;

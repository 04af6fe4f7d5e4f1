-- refresh_internal.common_columns()
-- The key columns a source has under the same name, so that a changed row says by itself which keys it touches.
-- requires: nothing
-- source:   docs/refresh.md, "From a change to keys"

CREATE OR REPLACE FUNCTION refresh_internal.common_columns(p_source regclass, p_key_columns text[], p_key_types text[])
RETURNS text[] LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT array_agg(att.attname::text ORDER BY array_position(p_key_columns, att.attname::text))
    FROM pg_attribute AS att
    CROSS JOIN LATERAL (
        SELECT to_regtype(p_key_types[array_position(p_key_columns, att.attname::text)])::oid AS type_id
    ) AS key
    WHERE
        att.attrelid = p_source
        AND att.attnum > 0
        AND NOT att.attisdropped
        AND att.attname = ANY(p_key_columns)
        -- the same type, or one that turns into it without a person asking for it
        AND (
            att.atttypid = key.type_id
            OR EXISTS (
                SELECT FROM pg_cast AS cas
                WHERE cas.castsource = att.atttypid AND cas.casttarget = key.type_id AND cas.castcontext IN ('a', 'i')
            )
        );
END;

COMMENT ON FUNCTION refresh_internal.common_columns IS
'Key columns found in the source under the same name and a type that casts; NULL when there is none.';

REVOKE ALL ON FUNCTION refresh_internal.common_columns FROM PUBLIC;

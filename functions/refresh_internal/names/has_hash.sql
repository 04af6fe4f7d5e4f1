-- refresh_internal.has_hash()
-- Tells whether equal values of these key columns always have equal hashes.
-- requires: nothing
-- source:   docs/refresh.md, "Inside the writer's transaction"

CREATE OR REPLACE FUNCTION refresh_internal.has_hash(p_columns text[], p_view refresh.stored_views)
RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_values text;
BEGIN
    IF EXISTS (
        SELECT FROM pg_attribute AS att
        INNER JOIN pg_collation AS col ON att.attcollation = col.oid
        WHERE att.attrelid = to_regclass(p_view.live_name) AND att.attname::text = ANY (p_columns) AND NOT col.collisdeterministic
    ) THEN
        RETURN FALSE;
    END IF;
    SELECT string_agg(format('NULL::%s', key.type), ', ') INTO v_values
    FROM unnest(p_view.key_columns, p_view.key_types) AS key (name, type)
    WHERE key.name = ANY (p_columns);
    EXECUTE format('SELECT hash_record(ROW(%s))', v_values);
    RETURN TRUE;
EXCEPTION
    WHEN undefined_function THEN
        RETURN FALSE;
END;
$$;

COMMENT ON FUNCTION refresh_internal.has_hash IS
'False for types without a hash function and for collations under which different texts are equal.';

REVOKE ALL ON FUNCTION refresh_internal.has_hash FROM PUBLIC;

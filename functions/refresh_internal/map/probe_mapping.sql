-- refresh_internal.probe_mapping()
-- Checks a mapping query when it is declared and learns which columns of `changed` it needs.
-- requires: nothing
-- source:   docs/refresh.md, "From a change to keys"

-- A temporary view over a temporary table named `changed`: PostgreSQL itself parses the query, resolves its names and
-- records, column by column, what it reads.
CREATE OR REPLACE FUNCTION refresh_internal.probe_mapping(
    p_source regclass,
    p_view_name text,
    p_mapping text,
    p_key_columns text[],
    p_key_types text[],
    OUT map_columns text[],
    OUT queue_columns text[],
    OUT queue_types text[]
)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
    v_foreign text[];
    v_casts text;
    v_message text;
    v_code text;
BEGIN
    EXECUTE format('CREATE TEMPORARY TABLE changed (LIKE %s)', p_source);
    BEGIN
        EXECUTE format(E'CREATE TEMPORARY VIEW tidemark_probe AS SELECT * FROM (%s\n) AS mapping', p_mapping);
        SELECT
            array_agg(att.attname::text ORDER BY array_position(p_key_columns, att.attname::text)),
            array_agg(att.attname::text) FILTER (WHERE att.attname <> ALL (p_key_columns)),
            string_agg(format('%I::%s', att.attname, p_key_types[array_position(p_key_columns, att.attname::text)]), ', ')
        INTO map_columns, v_foreign, v_casts
        FROM pg_attribute AS att
        WHERE att.attrelid = to_regclass('pg_temp.tidemark_probe') AND att.attnum > 0;
        IF v_foreign IS NULL AND map_columns IS NOT NULL THEN
            EXECUTE format('SELECT %s FROM pg_temp.tidemark_probe LIMIT 0', v_casts);
        END IF;
    EXCEPTION
        WHEN OTHERS THEN  -- whatever is wrong with the query, say whose query it is
            GET STACKED DIAGNOSTICS v_message = MESSAGE_TEXT, v_code = RETURNED_SQLSTATE;
            RAISE EXCEPTION USING
                ERRCODE = v_code,
                MESSAGE = format('the mapping from %s to %s is not a usable query', p_source, p_view_name),
                DETAIL = format('PostgreSQL says: %s.', v_message),
                HINT = format('Give a query over changed, which has the columns of %s, that returns key columns of %s; '
                    'name every other table with its schema.', p_source, p_view_name);
    END;
    IF v_foreign IS NOT NULL OR map_columns IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'undefined_column',
            MESSAGE = format('the mapping from %s to %s does not return key columns', p_source, p_view_name),
            DETAIL = format('It returns %s; the key is %s.', coalesce(array_to_string(v_foreign, ', '), 'nothing'), array_to_string(p_key_columns, ', ')),
            HINT = 'Return key columns only, under their own names; some of them are enough.';
    END IF;
    SELECT
        coalesce(array_agg(att.attname::text ORDER BY att.attnum), '{}'),
        coalesce(array_agg(format_type(att.atttypid, att.atttypmod) ORDER BY att.attnum), '{}')
    INTO queue_columns, queue_types
    FROM pg_attribute AS att
    WHERE att.attrelid = to_regclass('pg_temp.changed') AND att.attnum > 0 AND NOT att.attisdropped
        AND EXISTS (
            SELECT FROM pg_depend AS dep
            INNER JOIN pg_rewrite AS rul ON dep.classid = 'pg_rewrite'::regclass AND dep.objid = rul.oid
            WHERE rul.ev_class = to_regclass('pg_temp.tidemark_probe')
                AND dep.refclassid = 'pg_class'::regclass AND dep.refobjid = att.attrelid
                AND dep.refobjsubid IN (att.attnum, 0)
        );
    DROP VIEW pg_temp.tidemark_probe;
    DROP TABLE pg_temp.changed;
END;
$$;

COMMENT ON FUNCTION refresh_internal.probe_mapping IS
'Key columns a mapping returns, and the columns of the source it needs with their types. Raises the error PostgreSQL has with the query, or 42703 for a column outside the key.';

REVOKE ALL ON FUNCTION refresh_internal.probe_mapping FROM PUBLIC;

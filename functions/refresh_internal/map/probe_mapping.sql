-- refresh_internal.probe_mapping()
-- Checks a mapping query when it is declared and learns which columns of which sources it needs.
-- requires: refresh_internal.bare_names(), refresh_internal.bare_mapping(), refresh_internal.objects_of()
-- source:   docs/refresh.md, "From a change to keys"

-- A temporary view over temporary tables named `changed` and like the other sources: PostgreSQL itself parses the query,
-- resolves its names and records, column by column, what it reads.
CREATE OR REPLACE FUNCTION refresh_internal.probe_mapping(
    p_source text,
    p_view_name text,
    p_mapping text,
    p_key_columns text[],
    p_key_types text[],
    p_sources text[],
    OUT map_columns text[],
    OUT reads jsonb
)
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
SET default_tablespace = ''  -- a partitioned table may not be told the tablespace of its database by name
AS $$
DECLARE
    v_foreign text[];
    v_casts text;
    v_message text;
    v_code text;
    v_read record;
    v_made text[] := ARRAY[]::text[];
    v_qualified text;
BEGIN
    FOR v_read IN
        SELECT 'changed' AS name, p_source AS source
        UNION ALL
        SELECT named.bare_name, named.source_name
        FROM refresh_internal.bare_names(p_sources) AS named
        WHERE strpos(p_mapping, named.bare_name) > 0 AND to_regclass(named.source_name) IS NOT NULL
    LOOP
        IF to_regclass(format('pg_temp.%I', v_read.name)) IS NOT NULL THEN
            RAISE EXCEPTION USING
                ERRCODE = 'duplicate_table',
                MESSAGE = format('a temporary table %s stands in the way of checking a mapping', quote_ident(v_read.name)),
                DETAIL = format('The mapping from %s to %s reads a source under this name.', p_source, p_view_name),
                HINT = 'Drop the temporary table, or declare the mapping from another session.';
        END IF;
        -- A partitioned table is rows of the catalogue and nothing on disk. Any column it can be partitioned by will do.
        EXECUTE format('CREATE TEMPORARY TABLE %I (LIKE %s)', v_read.name, v_read.source) || coalesce((
            SELECT format(' PARTITION BY LIST (%I)', att.attname)
            FROM pg_attribute AS att
            INNER JOIN pg_opclass AS opc ON opc.opcintype = att.atttypid AND opc.opcdefault
            INNER JOIN pg_am AS amt ON opc.opcmethod = amt.oid AND amt.amname = 'btree'
            WHERE att.attrelid = to_regclass(v_read.source) AND att.attnum > 0 AND NOT att.attisdropped
                AND att.attgenerated = '' AND att.attcollation = 0
            ORDER BY att.attnum
            LIMIT 1
        ), '');
        v_made := v_made || v_read.name;
    END LOOP;
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
                    'name sources of the view by their bare name and every other table with its schema.', p_source, p_view_name);
    END;
    IF v_foreign IS NOT NULL OR map_columns IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'undefined_column',
            MESSAGE = format('the mapping from %s to %s does not return key columns', p_source, p_view_name),
            DETAIL = format('It returns %s; the key is %s.', coalesce(array_to_string(v_foreign, ', '), 'nothing'), array_to_string(p_key_columns, ', ')),
            HINT = 'Return key columns only, under their own names; some of them are enough.';
    END IF;
    -- most mappings read nothing but those tables
    IF EXISTS (
        SELECT FROM pg_depend AS dep
        INNER JOIN pg_rewrite AS rul ON dep.classid = 'pg_rewrite'::regclass AND dep.objid = rul.oid
        WHERE rul.ev_class = to_regclass('pg_temp.tidemark_probe') AND dep.refobjid >= 16384
            AND dep.refobjid <> ALL (ARRAY(SELECT to_regclass(format('pg_temp.%I', made.name))::oid FROM unnest(v_made || 'tidemark_probe'::text) AS made (name)))
    ) THEN
        SELECT string_agg(DISTINCT obj.object_name, ', ') INTO v_qualified
        FROM refresh_internal.objects_of('pg_temp.tidemark_probe'::regclass) AS obj
        WHERE obj.object_kind IN ('table', 'stored', 'other') AND obj.object_name = ANY (p_sources);
    END IF;
    IF v_qualified IS NOT NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_table_definition',
            MESSAGE = format('the mapping from %s to %s would miss keys', p_source, p_view_name),
            DETAIL = format('It reads %s as it is now only. When a row there changes in the same batch, nobody names the key it stood for before.', v_qualified),
            HINT = format('Read sources of the view under their bare name, which means their rows as they are now and as they were: %s',
                refresh_internal.bare_mapping(p_mapping, p_sources));
    END IF;
    SELECT jsonb_object_agg(rel.relname, needed.columns) INTO reads
    FROM pg_class AS rel
    CROSS JOIN LATERAL (
        SELECT coalesce(jsonb_agg(att.attname ORDER BY att.attnum) FILTER (WHERE EXISTS (
            SELECT FROM pg_depend AS dep
            INNER JOIN pg_rewrite AS rul ON dep.classid = 'pg_rewrite'::regclass AND dep.objid = rul.oid
            WHERE rul.ev_class = to_regclass('pg_temp.tidemark_probe')
                AND dep.refclassid = 'pg_class'::regclass AND dep.refobjid = rel.oid AND dep.refobjsubid = att.attnum
        )), '[]') AS columns
        FROM pg_attribute AS att
        WHERE att.attrelid = rel.oid AND att.attnum > 0 AND NOT att.attisdropped
    ) AS needed
    WHERE rel.oid = ANY (ARRAY(SELECT to_regclass(format('pg_temp.%I', made.name))::oid FROM unnest(v_made) AS made (name)))
        AND EXISTS (
            SELECT FROM pg_depend AS dep
            INNER JOIN pg_rewrite AS rul ON dep.classid = 'pg_rewrite'::regclass AND dep.objid = rul.oid
            WHERE rul.ev_class = to_regclass('pg_temp.tidemark_probe')
                AND dep.refclassid = 'pg_class'::regclass AND dep.refobjid = rel.oid
        );
    reads := coalesce(reads, '{}');
    DROP VIEW tidemark_probe;
    EXECUTE (SELECT 'DROP TABLE ' || string_agg(format('%I', made.name), ', ') FROM unnest(v_made) AS made (name));
END;
$$;

COMMENT ON FUNCTION refresh_internal.probe_mapping IS
'Key columns a mapping returns, and per name it reads (changed, bare names of sources) the columns it needs. Raises the error PostgreSQL has with the query, 42703 for a column outside the key, 42P16 for a source read under its qualified name.';

REVOKE ALL ON FUNCTION refresh_internal.probe_mapping FROM PUBLIC;

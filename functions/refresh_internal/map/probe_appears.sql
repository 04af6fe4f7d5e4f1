-- refresh_internal.probe_appears()
-- Checks the query that names rows which appear by time alone.
-- requires: refresh_internal.objects_of(), refresh_internal.refuse()
-- source:   docs/refresh.md, "Rows that appear by time"

-- A temporary view: PostgreSQL itself parses the query and records what it reads.
CREATE OR REPLACE FUNCTION refresh_internal.probe_appears(p_view refresh.stored_views)
RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
    v_hint text := format('Give a query of %s and of appears_on (date) or appears_at (timestamptz): the day or instant at which time alone brings the row.',
        array_to_string(p_view.key_columns, ', '));
    v_columns text[];
    v_type text;
    v_message text;
    v_code text;
    v_foreign text;
    v_has_clock boolean;
BEGIN
    BEGIN
        EXECUTE format(E'CREATE TEMPORARY VIEW tidemark_appears AS SELECT * FROM (%s\n) AS appearing', p_view.appears);
        EXECUTE format('SELECT %s FROM pg_temp.tidemark_appears LIMIT 0', (
            SELECT string_agg(format('%I::%s', key.name, key.type), ', ') FROM unnest(p_view.key_columns, p_view.key_types) AS key (name, type)));
    EXCEPTION
        WHEN OTHERS THEN  -- whatever is wrong with the query, say whose query it is
            GET STACKED DIAGNOSTICS v_message = MESSAGE_TEXT, v_code = RETURNED_SQLSTATE;
            RAISE EXCEPTION USING
                ERRCODE = v_code,
                MESSAGE = format('appears of %s is not a usable query', p_view.view_name),
                DETAIL = format('PostgreSQL says: %s.', v_message),
                HINT = v_hint;
    END;
    SELECT array_agg(att.attname::text), min(format_type(att.atttypid, NULL)) FILTER (WHERE att.attname IN ('appears_on', 'appears_at'))
    INTO v_columns, v_type
    FROM pg_attribute AS att
    WHERE att.attrelid = to_regclass('pg_temp.tidemark_appears') AND att.attnum > 0;
    SELECT
        string_agg(DISTINCT obj.object_name, ', ') FILTER (WHERE obj.object_kind IN ('table', 'stored', 'other') AND NOT EXISTS (
            SELECT FROM refresh_internal.objects_of(to_regclass(p_view.live_name)) AS live WHERE live.object_name = obj.object_name)),
        coalesce(bool_or(obj.object_id = to_regprocedure('refresh.now()')), FALSE)
    INTO v_foreign, v_has_clock
    FROM refresh_internal.objects_of('pg_temp.tidemark_appears'::regclass) AS obj;
    DROP VIEW tidemark_appears;
    IF cardinality(v_columns) <> cardinality(p_view.key_columns) + 1 OR (v_type, TRUE) NOT IN (
        ('date', 'appears_on' = ANY (v_columns)), ('timestamp with time zone', 'appears_at' = ANY (v_columns))
    ) IS DISTINCT FROM FALSE THEN
        PERFORM refresh_internal.refuse('undefined_column', format('appears of %s does not return keys and a moment', p_view.view_name),
            format('It returns %s.', array_to_string(v_columns, ', ')), v_hint);
    END IF;
    IF v_has_clock THEN
        PERFORM refresh_internal.refuse('invalid_table_definition', format('appears of %s looks at the clock', p_view.view_name),
            'It must name moments to come, which are the same whenever it is asked; the engine picks those that have come.',
            'Return every key with its moment, past ones too, without a condition on the clock.');
    END IF;
    IF v_foreign IS NOT NULL THEN
        PERFORM refresh_internal.refuse('invalid_table_definition', format('appears of %s reads what its live view does not', p_view.view_name),
            format('It reads %s, whose changes are not followed.', v_foreign),
            format('Read tables that %s reads.', p_view.live_name));
    END IF;
    RETURN v_type;
END;
$$;

COMMENT ON FUNCTION refresh_internal.probe_appears IS
'Type of the moment the query returns. Raises the error PostgreSQL has with the query, 42703 for other columns than the key and a moment, 42P16 for the clock or a table that the live view does not read.';

REVOKE ALL ON FUNCTION refresh_internal.probe_appears FROM PUBLIC;

-- refresh_internal.capture_body()
-- Writes the text of the trigger function that captures changes of one source.
-- requires: refresh_internal.has_equality()
-- source:   docs/refresh.md, "Capture"

-- One statement per event, whatever the number of views: starting a statement costs more than a row in a queue.
CREATE OR REPLACE FUNCTION refresh_internal.capture_body(p_source_name text)
RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_columns text;
    v_column_count bigint;
    v_is_distinct boolean;
    v_starts text[];
    v_ends text[];
    v_marks text;
    v_keeps text;
    v_event text;
    v_rows text;
    v_body text := 'DECLARE v_at timestamptz := clock_timestamp(); BEGIN';
BEGIN
    -- the value of a virtual generated column is missing in transition tables, but what it is computed from is there
    SELECT
        string_agg(DISTINCT CASE WHEN def.oid IS NULL THEN quote_ident(col.name)
            ELSE format('(%s) AS %I', pg_get_expr(def.adbin, def.adrelid), col.name) END, ', '),
        count(DISTINCT col.name),
        bool_and(refresh_internal.has_equality(col.type))
    INTO v_columns, v_column_count, v_is_distinct
    FROM refresh.view_sources AS vs
    CROSS JOIN LATERAL unnest(vs.queue_columns, vs.queue_types) AS col (name, type)
    LEFT JOIN pg_attribute AS att
        ON att.attrelid = to_regclass(p_source_name) AND att.attname = col.name AND att.attgenerated = 'v'
    LEFT JOIN pg_attrdef AS def ON att.attrelid = def.adrelid AND att.attnum = def.adnum
    WHERE vs.source_name = p_source_name AND vs.mapping_kind = 'keys';
    SELECT
        array_agg(CASE vs.mapping_kind
            WHEN 'keys' THEN format('INSERT INTO %s (captured_at%s) SELECT %sv_at%s FROM ', vs.queue_name, named.list,
                CASE WHEN v_is_distinct AND cardinality(vs.queue_columns) < v_column_count THEN 'DISTINCT ' END, named.list)
            ELSE format('INSERT INTO refresh_data.marks_%s (captured_at, source_name) SELECT v_at, %L WHERE EXISTS (SELECT FROM ',
                vs.view_id, p_source_name)
        END ORDER BY vs.view_id),
        array_agg(CASE vs.mapping_kind WHEN 'all' THEN ')' ELSE '' END ORDER BY vs.view_id),
        string_agg(format(' INSERT INTO refresh_data.marks_%s (captured_at, source_name) VALUES (v_at, %L);',
            vs.view_id, p_source_name), '' ORDER BY vs.view_id),
        string_agg(format(' PERFORM refresh_data.refresh_%s(FALSE, NULL, FALSE);', vs.view_id), '' ORDER BY vs.view_id)
        FILTER (WHERE sv.target_lag = interval '0' AND sv.mode = 'keyed')
    INTO v_starts, v_ends, v_marks, v_keeps
    FROM refresh.view_sources AS vs
    INNER JOIN refresh.stored_views AS sv USING (view_id)
    CROSS JOIN LATERAL (
        SELECT coalesce(string_agg(format(', %I', col.name), '' ORDER BY col.position), '') AS list
        FROM unnest(vs.queue_columns) WITH ORDINALITY AS col (name, position)
    ) AS named
    WHERE vs.source_name = p_source_name AND vs.mapping_kind IN ('keys', 'all');
    IF v_starts IS NULL THEN
        RETURN NULL;
    END IF;
    FOREACH v_event IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
        v_rows := CASE
            -- no view needs a column: that something changed is all there is to say
            WHEN v_columns IS NULL
                THEN format('SELECT TRUE AS is_changed FROM %s LIMIT 1', CASE v_event WHEN 'DELETE' THEN 'old_rows' ELSE 'new_rows' END)
            WHEN v_event = 'DELETE' THEN format('SELECT %s FROM old_rows', v_columns)
            WHEN v_event = 'INSERT' THEN format('SELECT %s FROM new_rows', v_columns)
            -- both sides count: a row may have left one key and joined another
            ELSE format('SELECT %1$s FROM new_rows UNION %2$s SELECT %1$s FROM old_rows', v_columns,
                CASE WHEN NOT v_is_distinct THEN 'ALL' END)
        END;
        v_body := v_body || format(E'\nIF TG_OP = %L THEN ', v_event);
        IF cardinality(v_starts) = 1 THEN
            v_body := v_body || v_starts[1] || format('(%s) AS changed', v_rows) || v_ends[1];
        ELSE
            SELECT v_body || format('WITH changed AS MATERIALIZED (%s)', v_rows)
                || string_agg(format(', queue_%s AS (%schanged%s)', part.number, part.start, part.ending), '' ORDER BY part.number)
                || ' ' || v_starts[1] || 'changed' || v_ends[1]
            INTO v_body
            FROM unnest(v_starts[2:], v_ends[2:]) WITH ORDINALITY AS part (start, ending, number);
        END IF;
        v_body := v_body || '; END IF;';
    END LOOP;
    RETURN v_body || E'\nIF TG_OP = ''TRUNCATE'' THEN' || v_marks || ' END IF;'
        || coalesce(E'\n' || v_keeps, '') || E'\nRETURN NULL; END;';
END;
$$;

COMMENT ON FUNCTION refresh_internal.capture_body IS
'PL/pgSQL text that appends the needed columns of old and new rows to the queue of every view that reads the source; NULL when no view does.';

REVOKE ALL ON FUNCTION refresh_internal.capture_body FROM PUBLIC;

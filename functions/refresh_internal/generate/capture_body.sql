-- refresh_internal.capture_body()
-- Writes the text of the trigger function that captures changes of one source.
-- requires: refresh_internal.has_equality(), refresh_internal.queue_column(), refresh_internal.column_type_of(), refresh_internal.pin_clock()
-- source:   docs/refresh.md, "Capture"

-- One statement per event, whatever the number of views: starting a statement costs more than a row in a queue.
CREATE OR REPLACE FUNCTION refresh_internal.capture_body(p_source_name text)
RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_source refresh.captured_sources;
    v_columns text;
    v_spare text;
    v_lost text := 'FALSE';
    v_names text;
    v_targets text;
    v_values text;
    v_is_distinct boolean;
    v_is_unique boolean;
    v_starts text[];
    v_marks text;
    v_keeps text;
    v_event text;
    v_rows text;
    v_clock text;
    v_body text;
BEGIN
    SELECT src.* INTO v_source FROM refresh.captured_sources AS src WHERE src.source_name = p_source_name;
    IF NOT EXISTS (
        SELECT FROM refresh.view_sources AS vs WHERE vs.source_name = p_source_name AND vs.mapping_kind IN ('keys', 'all')
    ) THEN
        RETURN NULL;
    END IF;
    -- what a run changes in a stored view is as old as the change that the run followed; no column bears the names of these variables
    v_body := format(E'#variable_conflict use_column\nDECLARE tidemark_v_at timestamptz := %s; tidemark_v_xid xid8 := pg_current_xact_id(); '
        'tidemark_v_as_of text := current_setting(''tidemark.as_of'', TRUE); tidemark_v_zone text := current_setting(''tidemark.time_zone'', TRUE); BEGIN',
        CASE WHEN EXISTS (SELECT FROM refresh.stored_views AS sv WHERE sv.view_name = p_source_name)
            THEN 'least(clock_timestamp(), nullif(current_setting(''tidemark.since'', TRUE), '''')::timestamptz)' ELSE 'clock_timestamp()' END);
    -- The value of a virtual generated column is missing in transition tables, but what it is computed from is there. A column
    -- that somebody renames is found in tidemark_spare instead, with another type: no error, but every key is concerned.
    SELECT
        string_agg(CASE WHEN def.oid IS NULL THEN quote_ident(col.name)
            ELSE format('(%s) AS %I', pg_get_expr(def.adbin, def.adrelid), col.name) END, ', ' ORDER BY col.name),
        coalesce(string_agg(format(', %I', refresh_internal.queue_column(col.name, col.type)), '' ORDER BY col.name), ''),
        coalesce(string_agg(CASE WHEN def.oid IS NULL
            THEN format(', CASE WHEN pg_typeof(changed.%1$I) = %2$s::regtype THEN changed.%1$I::%3$s END AS %1$I', col.name, att.atttypid, col.type)
            ELSE format(', changed.%I', col.name) END, '' ORDER BY col.name), ''),
        coalesce(string_agg(format(' OR pg_typeof(changed.%I) <> %s::regtype', col.name, att.atttypid), '' ORDER BY col.name)
            FILTER (WHERE def.oid IS NULL), ''),
        string_agg(format('NULL::%s', CASE WHEN att.atttypid = 'name'::regtype THEN 'text' ELSE 'name' END), ', ' ORDER BY col.name)
            FILTER (WHERE def.oid IS NULL),
        string_agg(quote_ident(col.name), ', ' ORDER BY col.name) FILTER (WHERE def.oid IS NULL),
        bool_and(refresh_internal.has_equality(col.type))
    INTO v_columns, v_targets, v_values, v_lost, v_spare, v_names, v_is_distinct
    FROM (
        SELECT DISTINCT col.name, col.type
        FROM refresh.view_sources AS vs
        CROSS JOIN LATERAL unnest(vs.queue_columns, vs.queue_types) AS col (name, type)
        WHERE vs.source_name = p_source_name
    ) AS col
    INNER JOIN pg_attribute AS att ON att.attrelid = to_regclass(p_source_name) AND att.attname = col.name AND NOT att.attisdropped
    LEFT JOIN pg_attrdef AS def ON att.attrelid = def.adrelid AND att.attnum = def.adnum AND att.attgenerated = 'v'
    -- a view that was told another type before is recomputed when it learns this one
    WHERE col.type = refresh_internal.column_type_of(att.attrelid, att.attname, FALSE);
    v_lost := 'FALSE' || v_lost;
    v_spare := CASE WHEN v_spare IS NULL THEN '' ELSE format('(VALUES (%s)) AS tidemark_spare (%s) CROSS JOIN LATERAL ', v_spare, v_names) END;
    -- rows of one statement that differ in a unique key are different without a look
    SELECT count(*) > 0 INTO v_is_unique
    FROM pg_index AS idx
    WHERE idx.indrelid = to_regclass(p_source_name) AND idx.indisunique AND idx.indisvalid AND idx.indexprs IS NULL
        AND NOT EXISTS (
            SELECT FROM unnest(idx.indkey[0:idx.indnkeyatts - 1]) AS part (attnum)
            INNER JOIN pg_attribute AS att ON att.attrelid = idx.indrelid AND att.attnum = part.attnum
            WHERE NOT EXISTS (
                SELECT FROM refresh.view_sources AS vs
                WHERE vs.source_name = p_source_name AND att.attname::text = ANY (vs.queue_columns)
            )
        );
    SELECT
        array_agg(CASE WHEN vs.mapping_kind = 'keys' AND named.is_known
            THEN format('queue_%s AS (INSERT INTO %s (tidemark_at%s) SELECT tidemark_v_at%s FROM changed WHERE NOT tidemark_lost), lost_%1$s',
                vs.view_id, vs.queue_name, named.list, named.list)
            ELSE format('lost_%s', vs.view_id)
        END || format(' AS (INSERT INTO refresh_data.marks_of_%s (tidemark_at, source_name) SELECT tidemark_v_at, %L WHERE EXISTS (SELECT FROM changed%s))',
            vs.view_id, p_source_name, CASE WHEN vs.mapping_kind = 'keys' AND named.is_known THEN ' WHERE tidemark_lost' ELSE '' END) ORDER BY vs.view_id),
        string_agg(format(' INSERT INTO refresh_data.marks_of_%s (tidemark_at, source_name) VALUES (tidemark_v_at, %L);',
            vs.view_id, p_source_name), '' ORDER BY vs.view_id),
        string_agg(format(' PERFORM refresh_data.refresh_%s(FALSE, NULL, FALSE);', vs.view_id), '' ORDER BY vs.view_id),
        -- a transaction may be older than midnight, what it stores must not be
        CASE WHEN bool_or(sv.clock_use IN ('day', 'instant')) THEN
            E'\nIF coalesce(current_setting(''tidemark.as_of'', TRUE), '''') = '''' THEN PERFORM set_config(''tidemark.as_of'', '
            'to_char(clock_timestamp() AT TIME ZONE ''UTC'', ''YYYY-MM-DD HH24:MI:SS.US"Z"''), TRUE); END IF;' ELSE '' END
    INTO v_starts, v_marks, v_keeps, v_clock
    FROM refresh.view_sources AS vs
    INNER JOIN refresh.stored_views AS sv USING (view_id)
    CROSS JOIN LATERAL (
        SELECT
            coalesce(string_agg(format(', %I', col.name), '' ORDER BY col.position), '') AS list,
            coalesce(bool_and(col.type IS NOT DISTINCT FROM refresh_internal.column_type_of(to_regclass(p_source_name), col.name, FALSE)), TRUE) AS is_known
        FROM unnest(vs.queue_columns, vs.queue_types) WITH ORDINALITY AS col (name, type, position)
    ) AS named
    WHERE vs.source_name = p_source_name AND vs.mapping_kind IN ('keys', 'all') AND sv.target_lag = interval '0';
    FOREACH v_event IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
        v_rows := CASE
            -- no view needs a column: that something changed is all there is to say
            WHEN v_columns IS NULL
                THEN format('SELECT FALSE AS tidemark_lost FROM (SELECT FROM %s LIMIT 1) AS changed', CASE v_event WHEN 'DELETE' THEN 'old_rows' ELSE 'new_rows' END)
            -- both sides count: a row may have left one key and joined another
            WHEN v_event = 'UPDATE' THEN format('SELECT %s AS tidemark_lost%s FROM %s(SELECT %s FROM new_rows UNION %s SELECT %4$s FROM old_rows) AS changed',
                v_lost, v_values, v_spare, v_columns, CASE WHEN NOT v_is_distinct THEN 'ALL' END)
            ELSE format('SELECT %s AS tidemark_lost%s FROM %s(SELECT %s%s FROM %s) AS changed', v_lost, v_values, v_spare,
                CASE WHEN v_is_distinct AND NOT v_is_unique THEN 'DISTINCT ' END, v_columns, CASE v_event WHEN 'DELETE' THEN 'old_rows' ELSE 'new_rows' END)
        END;
        v_body := v_body || format(E'\nIF TG_OP = %L THEN ', v_event);
        IF v_starts IS NOT NULL THEN
            v_body := v_body || format('WITH changed AS MATERIALIZED (%s), %s ', v_rows, array_to_string(v_starts, ', '));
            v_rows := 'SELECT * FROM changed';
        END IF;
        v_body := v_body || format('INSERT INTO refresh_data.changes_%s_%s (tidemark_xid, tidemark_at, tidemark_all%s) SELECT tidemark_v_xid, tidemark_v_at, changed.* FROM (%s) AS changed; END IF;',
            v_source.source_id, v_source.active, v_targets, v_rows);
    END LOOP;
    RETURN v_body || format(E'\nIF TG_OP = ''TRUNCATE'' THEN INSERT INTO refresh_data.changes_%s_%s (tidemark_xid, tidemark_at, tidemark_all) VALUES (tidemark_v_xid, tidemark_v_at, TRUE);%s END IF;',
            v_source.source_id, v_source.active, v_marks)
        || coalesce(E'\nPERFORM refresh_internal.pin_clock();' || v_clock || E'\n' || v_keeps
            || E'\nPERFORM set_config(''tidemark.as_of'', coalesce(tidemark_v_as_of, ''''), TRUE), set_config(''tidemark.time_zone'', coalesce(tidemark_v_zone, ''''), TRUE);', '')
        || E'\nRETURN NULL; END;';
END;
$$;

COMMENT ON FUNCTION refresh_internal.capture_body IS
'PL/pgSQL text that appends the needed columns of old and new rows to the queue of the source, and to those of views kept inside the transaction; NULL when no view wants them.';

REVOKE ALL ON FUNCTION refresh_internal.capture_body FROM PUBLIC;

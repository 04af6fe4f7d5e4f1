-- refresh_internal.capture_body()
-- Writes the text of the trigger function that captures changes of one source.
-- requires: refresh_internal.captured_rows(), refresh_internal.capture_probe(), refresh_internal.column_type_of(), refresh_internal.pin_clock()
-- source:   docs/refresh.md, "Capture"

-- One statement per event, whatever the number of views: starting a statement costs more than a row in a queue. It names no
-- variable, so that its plan is made once in a session. One row is looked at before: where a needed column was renamed or retyped
-- the statement is not even parsed. Its writer gets no error, and every key is concerned.
CREATE OR REPLACE FUNCTION refresh_internal.capture_body(p_source_name text)
RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_source refresh.captured_sources;
    c_many CONSTANT integer := 100;  -- rows of one statement, beyond which they are bulk
    v_fine record;
    v_bulk record;
    v_bulk_columns text[];
    v_insert text;
    v_at text;
    v_probe text;
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
    -- what a run changes in a stored view is as old as the change that the run followed
    v_at := CASE WHEN EXISTS (SELECT FROM refresh.stored_views AS sv WHERE sv.view_name = p_source_name)
        THEN '(SELECT least(clock_timestamp(), nullif(current_setting(''tidemark.since'', TRUE), '''')::timestamptz))' ELSE 'clock_timestamp()' END;
    v_probe := refresh_internal.capture_probe(p_source_name);
    v_insert := format('INSERT INTO refresh_data.changes_%s_%s (tidemark_xid, tidemark_at, tidemark_all%%s) SELECT pg_current_xact_id(), %s, changed.* FROM (%%s) AS changed;',
        v_source.source_id, v_source.active, v_at);
    v_fine := refresh_internal.captured_rows(p_source_name, NULL);
    -- of many rows at once less is kept: what queries for such statements need, of a view without one what it always needs
    SELECT array_agg(DISTINCT kept.name) FILTER (WHERE kept.name IS NOT NULL) INTO v_bulk_columns
    FROM refresh.view_sources AS vs
    LEFT JOIN LATERAL unnest(coalesce(vs.bulk_columns, vs.queue_columns)) AS kept (name) ON TRUE
    WHERE vs.source_name = p_source_name AND vs.mapping_kind = 'keys'
    HAVING bool_or(vs.bulk_columns IS NOT NULL);
    IF FOUND THEN
        v_bulk := refresh_internal.captured_rows(p_source_name, coalesce(v_bulk_columns, '{}'));
    END IF;
    SELECT
        array_agg(CASE WHEN vs.mapping_kind = 'keys' AND named.is_known
            THEN format('queue_%s AS (INSERT INTO %s (tidemark_at%s) SELECT %s%s FROM changed WHERE NOT tidemark_lost), lost_%1$s',
                vs.view_id, vs.queue_name, named.list, v_at, named.list)
            ELSE format('lost_%s', vs.view_id)
        END || format(' AS (INSERT INTO refresh_data.marks_of_%s (tidemark_at, source_name) SELECT %s, %L WHERE EXISTS (SELECT FROM changed%s))',
            vs.view_id, v_at, p_source_name, CASE WHEN vs.mapping_kind = 'keys' AND named.is_known THEN ' WHERE tidemark_lost' ELSE '' END) ORDER BY vs.view_id),
        string_agg(format(' INSERT INTO refresh_data.marks_of_%s (tidemark_at, source_name) VALUES (%s, %L);',
            vs.view_id, v_at, p_source_name), '' ORDER BY vs.view_id),
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
    -- no column bears the names of these variables
    v_body := E'#variable_conflict use_column\nDECLARE tidemark_v_fits boolean := FALSE;' || CASE WHEN v_keeps IS NULL THEN '' ELSE
        ' tidemark_v_as_of text := current_setting(''tidemark.as_of'', TRUE); tidemark_v_zone text := current_setting(''tidemark.time_zone'', TRUE);' END || ' BEGIN';
    FOREACH v_event IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
        v_rows := CASE v_event WHEN 'INSERT' THEN v_fine.on_insert WHEN 'UPDATE' THEN v_fine.on_update ELSE v_fine.on_delete END;
        v_body := v_body || format(E'\nIF TG_OP = %L THEN tidemark_v_fits := %s; IF tidemark_v_fits THEN ', v_event,
            replace(v_probe, '{rows}', CASE v_event WHEN 'DELETE' THEN 'old_rows' ELSE 'new_rows' END));
        IF v_starts IS NOT NULL THEN
            v_body := v_body || format('WITH changed AS MATERIALIZED (%s), %s ', v_rows, array_to_string(v_starts, ', '));
            v_rows := 'SELECT * FROM changed';
        ELSIF v_bulk IS NOT NULL THEN
            v_body := v_body || format('IF EXISTS (SELECT FROM %s OFFSET %s) THEN ', CASE v_event WHEN 'INSERT' THEN 'new_rows' ELSE 'old_rows' END, c_many)
                || format(v_insert, v_bulk.targets, CASE v_event WHEN 'INSERT' THEN v_bulk.on_insert WHEN 'UPDATE' THEN v_bulk.on_update ELSE v_bulk.on_delete END)
                || ' RETURN NULL; END IF; ';
        END IF;
        v_body := v_body || format(v_insert, v_fine.targets, v_rows) || ' END IF; END IF;';
    END LOOP;
    RETURN v_body || format(E'\nIF NOT tidemark_v_fits THEN INSERT INTO refresh_data.changes_%s_%s (tidemark_xid, tidemark_at, tidemark_all) VALUES (pg_current_xact_id(), %s, TRUE);%s END IF;',
            v_source.source_id, v_source.active, v_at, v_marks)
        || coalesce(E'\nPERFORM refresh_internal.pin_clock();' || v_clock || E'\n' || v_keeps
            || E'\nPERFORM set_config(''tidemark.as_of'', coalesce(tidemark_v_as_of, ''''), TRUE), set_config(''tidemark.time_zone'', coalesce(tidemark_v_zone, ''''), TRUE);', '')
        || E'\nRETURN NULL; END;';
END;
$$;

COMMENT ON FUNCTION refresh_internal.capture_body IS
'PL/pgSQL text that appends the needed columns of old and new rows to the queue of the source, and to those of views kept inside the transaction; NULL when no view wants them.';

REVOKE ALL ON FUNCTION refresh_internal.capture_body FROM PUBLIC;

-- refresh_internal.take_and_map()
-- Writes the one statement that takes new changes and turns them into the keys to recompute.
-- requires: refresh_internal.new_rows(), refresh_internal.is_there_news(), refresh_internal.mapping_query(), refresh_internal.fill_in(), refresh_internal.appearing(), refresh_internal.parts_of()
-- source:   docs/refresh.md, "A run, step by step"

-- One statement, one snapshot: a row that changes between taking and mapping is either in both or in neither. The odd LIMIT
-- makes the planner expect few changes, as is usual, whatever the queue's statistics say; beyond a million everything is recomputed.
CREATE OR REPLACE FUNCTION refresh_internal.take_and_map(p_view refresh.stored_views, p_subsets text[])
RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_changes text;
    v_total text;
    v_keys text := '';
    v_joins text := '';
    v_targets text := '';
    v_results text := '';
    v_subset text[];
    v_parts text;
    v_casts text;
BEGIN
    SELECT
        string_agg(format(E'changes_%s AS MATERIALIZED (\n    SELECT * FROM (%s\n    ) AS queue LIMIT (SELECT 1000001)\n)', src.source_id,
            refresh_internal.new_rows(src.source_id, vs.queue_columns, vs.queue_types)), ', ' ORDER BY src.source_id),
        string_agg(format('SELECT tidemark_xid, tidemark_at, tidemark_command, %s AS tidemark_mark FROM changes_%s',
            CASE WHEN vs.mapping_kind = 'all' THEN quote_literal(vs.source_name)
            ELSE format('CASE WHEN tidemark_all THEN %L END', vs.source_name) END, src.source_id), ' UNION ALL ' ORDER BY src.source_id)
    INTO v_changes, v_total
    FROM refresh.view_sources AS vs
    INNER JOIN refresh.captured_sources AS src USING (source_name)
    WHERE vs.view_id = p_view.view_id AND vs.mapping_kind IN ('keys', 'all');
    FOR v_number IN 1..coalesce(cardinality(p_subsets), 0) LOOP
        v_subset := p_subsets[v_number]::text[];
        SELECT
            string_agg(format('%I::%s', key.name, key.type), ', ' ORDER BY key.position),
            v_targets || string_agg(format(', v_keys_%s_%s', v_number, key.position), '' ORDER BY key.position),
            v_results || string_agg(format(', keys_%1$s.k%2$s', v_number, key.position), '' ORDER BY key.position),
            v_joins || format(E'\nCROSS JOIN (SELECT count(*) AS n%s FROM (SELECT * FROM keys_%s) AS found) AS keys_%s',
                string_agg(format(', array_agg(found.%I) AS k%s', key.name, key.position), '' ORDER BY key.position), v_number, v_number)
        INTO v_casts, v_targets, v_results, v_joins
        FROM unnest(p_view.key_columns, p_view.key_types) WITH ORDINALITY AS key (name, type, position)
        WHERE key.name = ANY (v_subset);
        SELECT concat_ws(E'\n        UNION ALL',
            string_agg(format(E'\n        SELECT %s FROM (\n            %s\n        ) AS mapped WHERE EXISTS (SELECT FROM changes_%s)',
                v_casts, refresh_internal.mapping_query(p_view, vs.source_name, FALSE, part.number), src.source_id), E'\n        UNION ALL' ORDER BY src.source_id, part.number),
            CASE WHEN v_subset = p_view.key_columns AND p_view.due_column IS NOT NULL THEN format(
                E'\n        SELECT %1$s FROM %2$s AS stored WHERE tidemark_is_due AND stored.%3$I <= %4$s AND stored.%3$I > ''-infinity''',
                (SELECT string_agg(format('stored.%I', key.name), ', ') FROM unnest(p_view.key_columns) AS key (name)),
                p_view.storage_name, p_view.due_column,
                CASE p_view.due_type WHEN 'date' THEN 'refresh.as_of_date()' ELSE 'refresh.now()' END) END,
            CASE WHEN v_subset = p_view.key_columns AND p_view.appears_type IS NOT NULL THEN format(
                E'\n        SELECT %s FROM %s AND tidemark_is_due', v_casts,
                replace(refresh_internal.appearing(p_view), '{since}', 'tidemark_clock_at')) END)
        INTO v_parts
        FROM refresh.view_sources AS vs
        INNER JOIN refresh.captured_sources AS src USING (source_name)
        CROSS JOIN LATERAL refresh_internal.parts_of(vs) AS part
        WHERE vs.view_id = p_view.view_id AND part.map_columns = v_subset;
        v_keys := v_keys || format(E', keys_%s AS MATERIALIZED (\n    SELECT DISTINCT * FROM (%s\n    ) AS mapped LIMIT tidemark_key_limit + 1\n)', v_number, v_parts);
    END LOOP;
    RETURN refresh_internal.fill_in($text$
IF tidemark_has_marks OR tidemark_is_long THEN
    WITH taken AS (DELETE FROM refresh_data.marks_of_{id} RETURNING tidemark_at, source_name)
    SELECT count(*), min(tidemark_at), 'all keys: ' || string_agg(DISTINCT source_name, ', '), count(*) > 0 OR tidemark_whole,
        -- of a long queue the place of what is new must be found by its index, which takes knowing it
        CASE WHEN tidemark_is_long THEN set_config('plan_cache_mode', 'force_custom_plan', TRUE) END
    INTO change_count, oldest_at, tidemark_mark, tidemark_whole, tidemark_message FROM taken;
    IF tidemark_is_long AND NOT tidemark_whole THEN
        tidemark_is_new := {any};
    END IF;
END IF;
IF NOT (tidemark_whole OR tidemark_is_due OR tidemark_again OR tidemark_is_new) THEN
    is_whole := FALSE;
    PERFORM set_config('tidemark.source', coalesce(tidemark_source, ''), TRUE);
    RETURN;
END IF;
IF tidemark_whole THEN
    WITH {none}total AS (SELECT count(*) AS n, min(tidemark_at) AS oldest, max(tidemark_command) FILTER (WHERE tidemark_xid = tidemark_own) AS command
        FROM ({total}) AS every)
    SELECT pg_current_snapshot(), change_count + total.n, least(oldest_at, total.oldest), total.command
    INTO tidemark_now, change_count, oldest_at, tidemark_command FROM total;
ELSE
    WITH {changes}{keys}, total AS (SELECT count(*) AS n, min(tidemark_at) AS oldest,
        max(tidemark_command) FILTER (WHERE tidemark_xid = tidemark_own) AS command,
        'all keys: ' || string_agg(DISTINCT tidemark_mark, ', ') AS mark FROM ({total}) AS every)
    SELECT pg_current_snapshot(), change_count + total.n, least(oldest_at, total.oldest), total.command,
        CASE WHEN total.n > 1000000 THEN 'more than a million changes' ELSE total.mark END, total.n > 1000000 OR total.mark IS NOT NULL,
        {count}{results}
    INTO tidemark_now, change_count, oldest_at, tidemark_command, tidemark_mark, tidemark_whole, key_count{targets}
    FROM total{joins};
END IF;
IF tidemark_is_long THEN PERFORM set_config('plan_cache_mode', 'force_generic_plan', TRUE); END IF;
$text$, jsonb_build_object(
        'id', p_view.view_id, 'any', refresh_internal.is_there_news(p_view, 'tidemark_seen', 'tidemark_seen_xid', 'tidemark_seen_command'),
        'none', v_changes || ', ',
        'total', coalesce(v_total, 'SELECT ''0''::xid8 AS tidemark_xid, NULL::timestamptz AS tidemark_at, 0::bigint AS tidemark_command, NULL::text AS tidemark_mark WHERE FALSE'),
        'changes', coalesce(v_changes, 'nothing AS (SELECT 1)'), 'keys', v_keys,
        'count', coalesce((SELECT string_agg(format('keys_%s.n', part.number), ' + ' ORDER BY part.number) FROM generate_series(1, cardinality(p_subsets)) AS part (number)), '0'),
        'results', v_results, 'targets', v_targets, 'joins', v_joins));
END;
$$;

COMMENT ON FUNCTION refresh_internal.take_and_map IS
'PL/pgSQL text: changes and due rows become arrays of keys, one set per combination of key columns that mappings return.';

REVOKE ALL ON FUNCTION refresh_internal.take_and_map FROM PUBLIC;

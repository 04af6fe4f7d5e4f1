-- refresh_internal.refresh_body()
-- Writes the body of the function that refreshes one keyed stored view.
-- requires: refresh_internal.take_body(), refresh_internal.map_body(), refresh_internal.merge_body(), refresh_internal.whole_body()
-- requires: refresh_internal.lock_body(), refresh_internal.null_pattern(), refresh_internal.complain_twice()
-- source:   docs/refresh.md, "A run, step by step"

CREATE OR REPLACE FUNCTION refresh_internal.refresh_body(p_view refresh.stored_views)
RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_subsets text[];  -- each a text[] written as text, because arrays of arrays need equal lengths
    v_subset text[];
    v_nulls text[];
    v_arrays text;
    v_declare text := E'#variable_conflict use_column\nDECLARE\n v_whole boolean := p_whole; v_is_due boolean := FALSE; v_mark text; v_twice jsonb; v_live_count bigint;'
        '\n v_source text := current_setting(''tidemark.source'', TRUE);';
    v_map text := '';
    v_merge text := '';
    v_locks record;
BEGIN
    SELECT array_agg(DISTINCT found.map_columns::text) INTO v_subsets
    FROM (
        SELECT vs.map_columns FROM refresh.view_sources AS vs
        WHERE vs.view_id = p_view.view_id AND vs.mapping_kind = 'keys'
        UNION ALL
        SELECT p_view.key_columns WHERE p_view.due_column IS NOT NULL
    ) AS found;
    -- the relation's number makes the text differ when a queue is made anew, so that no session keeps an old plan
    SELECT v_declare || coalesce(string_agg(format(E'\n v_queue_%s %s[]; -- relation %s',
        src.source_id, vs.queue_name, to_regclass(vs.queue_name)::oid), '' ORDER BY src.source_id), '')
    INTO v_declare
    FROM refresh.view_sources AS vs
    INNER JOIN refresh.captured_sources AS src USING (source_name)
    WHERE vs.view_id = p_view.view_id AND vs.mapping_kind = 'keys';
    FOR v_number IN 1..coalesce(cardinality(v_subsets), 0) LOOP
        v_subset := v_subsets[v_number]::text[];
        SELECT
            v_declare || string_agg(format(E'\n v_keys_%s_%s %s[];', v_number, key.position, key.type), '' ORDER BY key.position),
            string_agg(format('v_keys_%s_%s', v_number, key.position), ', ' ORDER BY key.position)
        INTO v_declare, v_arrays
        FROM unnest(p_view.key_columns, p_view.key_types) WITH ORDINALITY AS key (name, type, position)
        WHERE key.name = ANY (v_subset);
        v_map := v_map || refresh_internal.map_body(p_view, v_subset, v_number);
        FOR v_pattern IN 0..least(1 << cardinality(v_subset), 16) - 1 LOOP
            -- up to four parts every combination of NULLs has its statement; with more, all combinations share the second one
            SELECT coalesce(array_agg(part.name), '{}') INTO v_nulls
            FROM unnest(v_subset) WITH ORDINALITY AS part (name, position)
            WHERE (v_pattern >> (part.position::integer - 1)) & 1 = 1;
            IF cardinality(v_subset) > 4 AND v_pattern > 0 THEN
                v_nulls := NULL;
            END IF;
            v_merge := v_merge || format(
                E'IF EXISTS (SELECT FROM unnest(%s) AS key (%s) WHERE %s) THEN%sIF v_twice IS NOT NULL THEN\n'
                '    PERFORM refresh_internal.complain_twice(%L, v_twice);\nEND IF;\nEND IF;\n',
                v_arrays,
                (SELECT string_agg(format('%I', part.name), ', ') FROM unnest(v_subset) AS part (name)),
                refresh_internal.null_pattern(v_subset, v_nulls),
                refresh_internal.merge_body(p_view, v_subset, v_nulls, v_arrays),
                p_view.view_name);
            EXIT WHEN v_nulls IS NULL;
        END LOOP;
    END LOOP;
    v_locks := refresh_internal.lock_body(p_view, v_subsets);
    RETURN concat(
        v_declare, E'\nBEGIN\ninserted_count := 0; updated_count := 0; deleted_count := 0; key_count := 0;\n'
        -- stored views below are read as they are stored: only then do their captured changes tell all that changed here
        'PERFORM set_config(''tidemark.source'', ''stored'', TRUE);\n', v_locks.before_take,
        refresh_internal.take_body(p_view),
        CASE WHEN p_view.due_column IS NOT NULL THEN format(
            E'IF p_with_due THEN\n    SELECT least(oldest_at, clock_timestamp() - (refresh.now() - min(stored.%1$I)%2$s)), count(*) > 0\n'
            '    INTO oldest_at, v_is_due FROM %3$s AS stored WHERE stored.%1$I <= %4$s;\nEND IF;\n',
            p_view.due_column,
            CASE p_view.due_type WHEN 'date' THEN '::timestamp AT TIME ZONE refresh.time_zone()' END,
            p_view.storage_name,
            CASE p_view.due_type WHEN 'date' THEN 'refresh.as_of_date()' ELSE 'refresh.now()' END) END,
        E'reason := CASE WHEN p_whole THEN NULL ELSE coalesce(v_mark, nullif(concat_ws('' and '', CASE WHEN change_count > 0 THEN ''changes'' END,'
        ' CASE WHEN v_is_due THEN ''due'' END), '''')) END;\n',
        E'IF NOT v_whole THEN\n', v_map,
        E'IF key_count > p_key_limit THEN v_whole := TRUE; reason := reason || '', more keys than the crossover''; END IF;\nEND IF;\n',
        E'is_whole := v_whole;\nIF v_whole THEN\n', v_locks.before_whole, refresh_internal.whole_body(p_view),
        E'ELSIF key_count > 0 THEN\n', v_locks.before_merge, v_merge, E'END IF;\nPERFORM set_config(''tidemark.source'', coalesce(v_source, ''''), TRUE);\nEND;');
END;
$$;

COMMENT ON FUNCTION refresh_internal.refresh_body IS
'PL/pgSQL text: take the queues, find the keys, recompute them or everything, change what differs.';

REVOKE ALL ON FUNCTION refresh_internal.refresh_body FROM PUBLIC;

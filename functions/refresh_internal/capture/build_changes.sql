-- refresh_internal.build_changes()
-- Makes the queue of one source, which all stored views over it share, or gives it the columns it lacks.
-- requires: refresh_internal.queue_column(), refresh_internal.index_queue()
-- source:   docs/refresh.md, "Capture"

-- A queue is two tables: writers fill one while the other is emptied. Neither is ever replaced or dropped while a writer may
-- still know it; new columns are added, which waits for writers shortly or not at all.
CREATE OR REPLACE FUNCTION refresh_internal.build_changes(p_source_name text)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_source_id integer;
    v_columns text[];
    v_types text[];
    v_table text;
    v_missing text;
    v_timeout text := current_setting('lock_timeout');
BEGIN
    SELECT src.source_id INTO v_source_id FROM refresh.captured_sources AS src WHERE src.source_name = p_source_name;
    IF NOT EXISTS (
        SELECT FROM refresh.view_sources AS vs WHERE vs.source_name = p_source_name AND vs.mapping_kind IN ('keys', 'all')
    ) THEN
        RETURN;
    END IF;
    SELECT coalesce(array_agg(col.name), '{}'), coalesce(array_agg(col.type), '{}') INTO v_columns, v_types
    FROM (
        SELECT DISTINCT refresh_internal.queue_column(col.name, col.type) AS name, col.type
        FROM refresh.view_sources AS vs
        CROSS JOIN LATERAL unnest(vs.queue_columns, vs.queue_types) AS col (name, type)
        WHERE vs.source_name = p_source_name
    ) AS col;
    FOREACH v_table IN ARRAY ARRAY[format('refresh_data.changes_%s_a', v_source_id), format('refresh_data.changes_%s_b', v_source_id)] LOOP
        IF to_regclass(v_table) IS NULL THEN
            EXECUTE format(
                'CREATE TABLE %s (tidemark_xid xid8 NOT NULL, tidemark_at timestamptz NOT NULL, tidemark_all boolean) '
                'WITH (autovacuum_vacuum_insert_threshold = -1, autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 100000)',
                v_table);
            EXECUTE format('COMMENT ON TABLE %s IS %L', v_table,
                format('Changes of %s for the stored views that read it. Filled by triggers, emptied when all views have seen them.', p_source_name));
        END IF;
        BEGIN
            PERFORM set_config('lock_timeout', '20ms', TRUE);
            PERFORM refresh_internal.index_queue(p_source_name, v_table, pg_relation_size(to_regclass(v_table)) > 0
                AND EXISTS (SELECT FROM pg_index AS ind WHERE ind.indrelid = to_regclass(v_table)));
        EXCEPTION
            WHEN lock_not_available THEN
                NULL;  -- it serves speed alone: when the table is emptied next there is nobody in the way
        END;
        PERFORM set_config('lock_timeout', v_timeout, TRUE);
        SELECT string_agg(format('ADD COLUMN %I %s', col.name, col.type), ', ') INTO v_missing
        FROM unnest(v_columns, v_types) AS col (name, type)
        WHERE NOT EXISTS (
            SELECT FROM pg_attribute AS att
            WHERE att.attrelid = to_regclass(v_table) AND att.attname = col.name AND NOT att.attisdropped
        );
        -- made by an earlier release, where each row named either all keys or its own
        IF EXISTS (
            SELECT FROM pg_attribute AS att
            WHERE att.attrelid = to_regclass(v_table) AND att.attname = 'tidemark_all' AND att.attnotnull
        ) AND EXISTS (
            SELECT FROM refresh.view_sources AS vs WHERE vs.source_name = p_source_name AND vs.bulk_columns IS NOT NULL
        ) THEN
            v_missing := concat_ws(', ', 'ALTER COLUMN tidemark_all DROP NOT NULL', v_missing);
        END IF;
        IF v_missing IS NOT NULL THEN
            -- shorter than it takes to notice a deadlock: this transaction gives way, never a writer
            PERFORM set_config('lock_timeout', '500ms', TRUE);
            EXECUTE format('ALTER TABLE %s %s', v_table, v_missing);
            PERFORM set_config('lock_timeout', v_timeout, TRUE);
        END IF;
    END LOOP;
END;
$$;

COMMENT ON FUNCTION refresh_internal.build_changes IS
'Raises 55P03 when long transactions of writers keep a column from being added; the caller tries again later.';

REVOKE ALL ON FUNCTION refresh_internal.build_changes FROM PUBLIC;

-- refresh_internal.build_queue()
-- Makes the queue that a view with target_lag 0 keeps for one of its sources.
-- requires: refresh_internal.relations_of()
-- source:   docs/refresh.md, "Inside the writer's transaction"

CREATE OR REPLACE FUNCTION refresh_internal.build_queue(p_view_id integer, p_source_name text, p_old_name text)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_wanted refresh.view_sources;
    v_relation text;
    v_view_name text;
BEGIN
    SELECT vs.* INTO v_wanted FROM refresh.view_sources AS vs
    WHERE vs.view_id = p_view_id AND vs.source_name = p_source_name;
    IF to_regclass(coalesce(p_old_name, v_wanted.queue_name)) IS NOT NULL THEN
        -- no statement on the source may be half-way between its old capture and its new queue
        FOREACH v_relation IN ARRAY coalesce(refresh_internal.relations_of(p_source_name), '{}') LOOP
            EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', v_relation);
        END LOOP;
        EXECUTE format('DROP TABLE %s', coalesce(p_old_name, v_wanted.queue_name));
    END IF;
    IF v_wanted.queue_name IS NULL THEN
        RETURN;
    END IF;
    EXECUTE format(
        'CREATE TABLE %s (tidemark_at timestamptz%s) '
        'WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, '
        'autovacuum_vacuum_insert_threshold = -1, autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 100000)',
        v_wanted.queue_name,
        (SELECT coalesce(string_agg(format(', %I %s', col.name, col.type), '' ORDER BY col.position), '')
         FROM unnest(v_wanted.queue_columns, v_wanted.queue_types) WITH ORDINALITY AS col (name, type, position))
    );
    SELECT sv.view_name INTO v_view_name FROM refresh.stored_views AS sv WHERE sv.view_id = p_view_id;
    EXECUTE format('COMMENT ON TABLE %s IS %L', v_wanted.queue_name,
        format('Changes of %s on their way to %s. Filled and emptied in the transaction of the writer.', p_source_name, v_view_name));
END;
$$;

COMMENT ON FUNCTION refresh_internal.build_queue IS
'Drops the queue named p_old_name if there is one, and creates the one that refresh.view_sources names. The caller marks the view for a whole recompute.';

REVOKE ALL ON FUNCTION refresh_internal.build_queue FROM PUBLIC;

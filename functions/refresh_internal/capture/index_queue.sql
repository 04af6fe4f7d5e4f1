-- refresh_internal.index_queue()
-- Gives one table of a queue an index, or takes it away.
-- requires: nothing
-- source:   docs/refresh.md, "Capture"

-- An index costs every writer, and finds nothing faster in a table of a few pages. It is there where writers themselves look rows
-- up, and while a table is long.
CREATE OR REPLACE FUNCTION refresh_internal.index_queue(p_source_name text, p_table text, p_is_long boolean)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_is_wanted boolean := p_is_long OR EXISTS (
        SELECT FROM refresh.view_sources AS vs
        INNER JOIN refresh.stored_views AS sv USING (view_id)
        WHERE vs.source_name = p_source_name AND vs.mapping_kind = 'keys' AND sv.target_lag = interval '0'
    );
    v_is_there boolean := EXISTS (SELECT FROM pg_index AS ind WHERE ind.indrelid = to_regclass(p_table));
BEGIN
    IF v_is_wanted AND NOT v_is_there THEN
        EXECUTE format('CREATE INDEX %I ON %s (tidemark_xid)', split_part(p_table, '.', 2) || '_tidemark_xid_idx', p_table);
    ELSIF v_is_there AND NOT v_is_wanted THEN
        EXECUTE format('DROP INDEX refresh_data.%I', split_part(p_table, '.', 2) || '_tidemark_xid_idx');
    END IF;
END;
$$;

COMMENT ON FUNCTION refresh_internal.index_queue IS
'p_table: with its schema; p_is_long: it has more than eight megabytes. Waits for writers as long as lock_timeout allows.';

REVOKE ALL ON FUNCTION refresh_internal.index_queue FROM PUBLIC;

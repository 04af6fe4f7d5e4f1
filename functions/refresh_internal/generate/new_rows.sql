-- refresh_internal.new_rows()
-- Writes the query for the changes of one source that a stored view has not taken yet.
-- requires: refresh_internal.queue_column(), refresh_internal.fill_in()
-- source:   docs/refresh.md, "What a view has seen"

-- The first condition finds the place in the index, so seen rows are not walked however long they stay.
CREATE OR REPLACE FUNCTION refresh_internal.new_rows(
    p_source_id integer, p_columns text[], p_types text[],
    p_seen text DEFAULT 'tidemark_seen', p_xid text DEFAULT 'tidemark_seen_xid', p_command text DEFAULT 'tidemark_seen_command'
)
RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT string_agg(refresh_internal.fill_in($text$
        SELECT queue.tidemark_xid, queue.tidemark_at, queue.tidemark_all, queue.cmin::text::bigint AS tidemark_command{columns}
        FROM refresh_data.changes_{id}_{side} AS queue
        WHERE queue.tidemark_xid >= pg_snapshot_xmin({seen}) AND NOT pg_visible_in_snapshot(queue.tidemark_xid, {seen})
            AND (queue.tidemark_xid <> {xid} OR queue.cmin::text::bigint > {command})$text$,
        jsonb_build_object(
            'columns', (
                SELECT string_agg(
                    format(', queue.%I AS %I', refresh_internal.queue_column(col.name, col.type), col.name), '' ORDER BY col.position
                )
                FROM unnest(p_columns, p_types) WITH ORDINALITY AS col (name, type, position)
            ),
            'id', p_source_id, 'side', side.name, 'seen', p_seen, 'xid', p_xid, 'command', p_command
        )), E'\n        UNION ALL' ORDER BY side.name)
    FROM (VALUES ('a'), ('b')) AS side (name);
END;

COMMENT ON FUNCTION refresh_internal.new_rows IS
'SQL text. A row is new when its transaction is not visible in the snapshot of the last run; of the transaction of that run itself, when it was written after it.';

REVOKE ALL ON FUNCTION refresh_internal.new_rows FROM PUBLIC;

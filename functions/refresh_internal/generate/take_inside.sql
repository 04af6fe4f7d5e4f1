-- refresh_internal.take_inside()
-- Writes the statements that empty the queues of a view that is kept inside the transaction of the writer.
-- requires: refresh_internal.has_equality()
-- source:   docs/refresh.md, "A run, step by step"

-- Changes travel from the statement that deletes them to the later ones that read the sources in an array of the queue's row
-- type: no temporary table, no catalogue rows. Beyond a million different changes a whole recompute is cheaper anyway.
CREATE OR REPLACE FUNCTION refresh_internal.take_inside(p_view refresh.stored_views)
RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT format($text$
WITH taken AS (DELETE FROM refresh_data.marks_of_%1$s RETURNING tidemark_at, source_name)
SELECT count(*), min(tidemark_at), 'all keys: ' || string_agg(DISTINCT source_name, ', ') INTO change_count, oldest_at, tidemark_mark FROM taken;
IF change_count > 0 THEN tidemark_whole := TRUE; END IF;
$text$, p_view.view_id)
        || COALESCE(string_agg(format($text$
WITH taken AS (DELETE FROM %1$s RETURNING %2$s), total AS (SELECT count(*) AS changes, min(tidemark_at) AS oldest FROM taken)
SELECT change_count + total.changes, least(oldest_at, total.oldest), (
    SELECT array_agg(ROW(%3$s)::%1$s) FROM (SELECT %4$s FROM taken LIMIT 1000001) AS taken WHERE NOT tidemark_whole)
INTO change_count, oldest_at, v_queue_%5$s FROM total;
IF cardinality(v_queue_%5$s) > 1000000 THEN tidemark_whole := TRUE; tidemark_mark := 'more than a million changes'; END IF;
$text$,
            queue.queue_name,
            queue.list,
            queue.fields,
            queue.distinct_list,
            queue.source_id
        ), '' ORDER BY queue.source_id), '')
    FROM (
        SELECT
            src.source_id,
            vs.queue_name,
            'tidemark_at' || COALESCE(string_agg(', ' || quote_ident(col.name), '' ORDER BY col.position), '') AS list,
            'NULL' || COALESCE(string_agg(', taken.' || quote_ident(col.name), '' ORDER BY col.position), '') AS fields,
            CASE WHEN COALESCE(bool_and(refresh_internal.has_equality(col.type)), TRUE) THEN 'DISTINCT ' ELSE '' END
            || COALESCE(string_agg(quote_ident(col.name), ', ' ORDER BY col.position), 'TRUE') AS distinct_list
        FROM refresh.view_sources AS vs
        INNER JOIN refresh.captured_sources AS src USING (source_name)
        LEFT JOIN LATERAL unnest(vs.queue_columns, vs.queue_types) WITH ORDINALITY AS col (name, type, position) ON TRUE
        WHERE vs.view_id = p_view.view_id AND vs.mapping_kind = 'keys'
        GROUP BY src.source_id, vs.queue_name
    ) AS queue;
END;

COMMENT ON FUNCTION refresh_internal.take_inside IS
'PL/pgSQL text: deletes what is queued and keeps the different changes in one array per source.';

REVOKE ALL ON FUNCTION refresh_internal.take_inside FROM PUBLIC;

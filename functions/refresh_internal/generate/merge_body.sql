-- refresh_internal.merge_body()
-- Writes the statement that recomputes given keys and changes only the stored rows that differ.
-- requires: refresh_internal.same_key(), refresh_internal.null_pattern()
-- source:   docs/refresh.md, "Recomputing keys"

-- LATERAL with OFFSET 0 hands each key to the live view on its own, so that it is used inside DISTINCT ON, windows and
-- GROUP BY; a join or = ANY would scan everything. The stored rows are looked up the same way and then reached by their
-- place: a planner that expects many rows per key would scan the whole storage for each of the three changes. For the same
-- reason parts that are NULL get IS NULL, in a statement of their own for each combination. Rows are compared as stored
-- images (*<>): that works for every type and sees 1.0 and 1.00 apart (the cast keeps the parser from comparing column by
-- column).
-- Keys that come in parts bring many rows each, and the planner cannot know how many. Joined by those parts alone, every fresh
-- row would meet every stored row of its part; sorted side by side, each meets only its own.
CREATE OR REPLACE FUNCTION refresh_internal.merge_body(
    p_view refresh.stored_views, p_map_columns text[], p_null_columns text[], p_arrays text
)
RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH part AS (
        SELECT
            string_agg(format('%I', col.name), ', ' ORDER BY col.position) AS columns,
            string_agg(format('fresh.%I', col.name), ', ' ORDER BY col.position) AS fresh_columns,
            string_agg(format('stored.%I', col.name), ', ' ORDER BY col.position) AS stored_columns,
            string_agg(format('%1$I = fresh.%1$I', col.name), ', ' ORDER BY col.position) AS assignments
        FROM unnest(p_view.column_names) WITH ORDINALITY AS col (name, position)
    ),

    mapped AS (
        SELECT
            array_agg(key.name ORDER BY key.position) AS names,
            array_agg(key.type ORDER BY key.position) AS types,
            string_agg(format('%I', key.name), ', ' ORDER BY key.position) AS columns,
            array_agg(key.name) FILTER (WHERE key.name <> ALL(p_null_columns)) AS known
        FROM unnest(p_view.key_columns, p_view.key_types) WITH ORDINALITY AS key (name, type, position)
        WHERE key.name = ANY(p_map_columns)
    )

    SELECT format($text$
WITH dirty AS MATERIALIZED (
    SELECT key.* FROM unnest(%1$s) AS key (%2$s) WHERE %3$s
), fresh AS MATERIALIZED (
    SELECT found.* FROM dirty CROSS JOIN LATERAL (SELECT %4$s FROM %5$s AS live WHERE %6$s OFFSET 0) AS found
), held AS MATERIALIZED (
    SELECT found.* FROM dirty CROSS JOIN LATERAL (
        SELECT stored.ctid AS tidemark_at, %4$s FROM %7$s AS stored WHERE %8$s OFFSET 0
    ) AS found
), $text$,
        p_arrays,
        mapped.columns,
        refresh_internal.null_pattern(mapped.names, p_null_columns),
        part.columns,
        p_view.live_name,
        refresh_internal.same_key('live', 'dirty', mapped.names, mapped.types, mapped.known, p_null_columns),
        p_view.storage_name,
        refresh_internal.same_key('stored', 'dirty', mapped.names, mapped.types, mapped.known, p_null_columns)
    ) || format(
        CASE WHEN cardinality(mapped.names) = cardinality(p_view.key_columns) THEN $text$
twice AS MATERIALIZED (
    SELECT %1$s FROM fresh GROUP BY %1$s HAVING count(*) > 1 LIMIT 1
), gone AS (
    DELETE FROM %2$s AS target USING held AS stored
    WHERE target.ctid = stored.tidemark_at AND NOT EXISTS (SELECT FROM fresh WHERE %3$s) RETURNING 1
), changed AS (
    UPDATE %2$s AS target SET %4$s FROM held AS stored, fresh
    WHERE target.ctid = stored.tidemark_at AND %3$s
        AND ROW(%5$s)::record OPERATOR(pg_catalog.*<>) ROW(%6$s) RETURNING 1
), added AS (
    INSERT INTO %2$s (%7$s) SELECT %6$s FROM fresh
    WHERE NOT EXISTS (SELECT FROM twice) AND NOT EXISTS (SELECT FROM held AS stored WHERE %3$s) RETURNING 1
)$text$ ELSE $text$
paired AS MATERIALIZED (
    SELECT
        %7$s, side.tidemark_at, side.tidemark_is_fresh,
        max(side.tidemark_at) OVER same_key AS tidemark_held_at,
        first_value(ROW(%7$s)::record) OVER same_key AS tidemark_first,
        count(*) FILTER (WHERE side.tidemark_is_fresh) OVER same_key AS tidemark_copies
    FROM (
        SELECT NULL::tid AS tidemark_at, TRUE AS tidemark_is_fresh, %7$s FROM fresh
        UNION ALL
        SELECT tidemark_at, FALSE, %7$s FROM held
    ) AS side
    WINDOW same_key AS (
        PARTITION BY %1$s ORDER BY side.tidemark_is_fresh ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
    )
), twice AS MATERIALIZED (
    SELECT %1$s FROM paired WHERE tidemark_copies > 1 LIMIT 1
), gone AS (
    DELETE FROM %2$s AS target USING paired
    WHERE target.ctid = paired.tidemark_at AND paired.tidemark_copies = 0 RETURNING 1
), changed AS (
    UPDATE %2$s AS target SET %4$s FROM paired AS fresh
    WHERE target.ctid = fresh.tidemark_held_at AND fresh.tidemark_is_fresh
        AND fresh.tidemark_first OPERATOR(pg_catalog.*<>) ROW(%6$s)::record RETURNING 1
), added AS (
    INSERT INTO %2$s (%7$s) SELECT %6$s FROM paired AS fresh
    WHERE NOT EXISTS (SELECT FROM twice) AND fresh.tidemark_is_fresh AND fresh.tidemark_held_at IS NULL RETURNING 1
)$text$ END || $text$
SELECT
    deleted_count + count(*) FILTER (WHERE done.kind = 1), updated_count + count(*) FILTER (WHERE done.kind = 2),
    inserted_count + count(*) FILTER (WHERE done.kind = 3), (SELECT to_jsonb(twice) FROM twice)
INTO deleted_count, updated_count, inserted_count, v_twice
FROM (SELECT 1 AS kind FROM gone UNION ALL SELECT 2 FROM changed UNION ALL SELECT 3 FROM added) AS done;
$text$,
        (SELECT string_agg(format('%I', key.name), ', ') FROM unnest(p_view.key_columns) AS key (name)),
        p_view.storage_name,
        refresh_internal.same_key('stored', 'fresh', p_view.key_columns, p_view.key_types, mapped.known, p_null_columns),
        part.assignments,
        part.stored_columns,
        part.fresh_columns,
        part.columns
    )
    FROM part
    CROSS JOIN mapped;
END;

COMMENT ON FUNCTION refresh_internal.merge_body IS
'PL/pgSQL text for the keys in p_arrays (one array per column of p_map_columns) whose parts p_null_columns are NULL and the others not; p_null_columns NULL: any key with a NULL part.';

REVOKE ALL ON FUNCTION refresh_internal.merge_body FROM PUBLIC;

-- refresh_internal.whole_body()
-- Writes the statements that recompute a whole keyed view and change only the stored rows that differ.
-- requires: refresh_internal.equality_of()
-- source:   docs/refresh.md, "Recomputing everything"

-- A full join wants plain equality, which never matches NULL parts. As long as no stored row has one that is right (a live
-- row with one is new); otherwise the key is compared as a record, where NULL equals NULL, at the price of a sort.
-- Two live rows of one key can hide behind one stored row, so in the end the numbers of rows are compared.
CREATE OR REPLACE FUNCTION refresh_internal.whole_body(p_view refresh.stored_views)
RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH part AS (
        SELECT
            string_agg(format('%I', col.name), ', ' ORDER BY col.position) AS columns,
            string_agg(format('live.%I', col.name), ', ' ORDER BY col.position) AS live_columns,
            string_agg(format('stored.%I', col.name), ', ' ORDER BY col.position) AS stored_columns,
            string_agg(format('diff.%I', col.name), ', ' ORDER BY col.position) AS diff_columns,
            string_agg(format('%1$I = diff.%1$I', col.name), ', ' ORDER BY col.position) AS assignments
        FROM unnest(p_view.column_names) WITH ORDINALITY AS col (name, position)
    ),

    key AS (
        SELECT
            string_agg(format('%I', key.name), ', ' ORDER BY key.position) AS columns,
            string_agg(format('%I IS NULL', key.name), ' OR ' ORDER BY key.position) AS has_null,
            string_agg(
                format('live.%1$I %2$s stored.%1$I', key.name, refresh_internal.equality_of(key.type)), ' AND ' ORDER BY key.position
            ) AS plain_join
        FROM unnest(p_view.key_columns, p_view.key_types) WITH ORDINALITY AS key (name, type, position)
    ),

    merge AS (
        SELECT
            variant.is_plain,
            format($text$
    WITH live AS MATERIALIZED (
        SELECT %2$s, ROW(%3$s) AS tidemark_key, TRUE AS tidemark_live FROM %4$s
    ), diff AS MATERIALIZED (
        SELECT stored.tidemark_at, live.tidemark_live, %1$s
        FROM live
        FULL JOIN (SELECT %2$s, ROW(%3$s) AS tidemark_key, ctid AS tidemark_at FROM %5$s) AS stored ON %6$s
        WHERE live.tidemark_live IS NULL OR stored.tidemark_at IS NULL
            OR ROW(%7$s)::record OPERATOR(pg_catalog.*<>) ROW(%1$s)
    ), gone AS (
        DELETE FROM %5$s AS stored USING diff
        WHERE stored.ctid = diff.tidemark_at AND diff.tidemark_live IS NULL RETURNING 1
    ), changed AS (
        UPDATE %5$s AS stored SET %8$s FROM diff
        WHERE stored.ctid = diff.tidemark_at AND diff.tidemark_live RETURNING 1
    ), added AS (
        INSERT INTO %5$s (%2$s) SELECT %9$s FROM diff WHERE diff.tidemark_at IS NULL RETURNING 1
    )
    SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM changed), (SELECT count(*) FROM added), (SELECT count(*) FROM live)
    INTO deleted_count, updated_count, inserted_count, v_live_count;
$text$,
                part.live_columns, part.columns, key.columns, p_view.live_name, p_view.storage_name,
                CASE WHEN variant.is_plain THEN key.plain_join ELSE 'live.tidemark_key = stored.tidemark_key' END,
                part.stored_columns, part.assignments, part.diff_columns
            ) AS statement
        FROM part
        CROSS JOIN key
        CROSS JOIN (VALUES (TRUE), (FALSE)) AS variant (is_plain)
    )

    SELECT format($text$
IF NOT EXISTS (SELECT FROM %1$s) THEN
    INSERT INTO %1$s (%2$s) SELECT %2$s FROM %3$s;
    GET DIAGNOSTICS inserted_count = ROW_COUNT;
    v_live_count := inserted_count;
ELSIF NOT EXISTS (SELECT FROM %1$s WHERE %4$s) THEN%5$sELSE%6$sEND IF;
IF v_live_count <> (SELECT count(*) FROM %1$s) THEN
    v_twice := (SELECT to_jsonb(twice) FROM (SELECT %8$s FROM %3$s GROUP BY %8$s HAVING count(*) > 1 LIMIT 1) AS twice);
    PERFORM refresh_internal.complain_twice(%7$L, v_twice);
END IF;
$text$,
        p_view.storage_name, part.columns, p_view.live_name, key.has_null,
        (SELECT merge.statement FROM merge WHERE merge.is_plain),
        (SELECT merge.statement FROM merge WHERE NOT merge.is_plain),
        p_view.view_name, key.columns
    )
    FROM part
    CROSS JOIN key;
END;

COMMENT ON FUNCTION refresh_internal.whole_body IS
'PL/pgSQL text; fills an empty storage straight from the live view, else compares both in one pass.';

REVOKE ALL ON FUNCTION refresh_internal.whole_body FROM PUBLIC;

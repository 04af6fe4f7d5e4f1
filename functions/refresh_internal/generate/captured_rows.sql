-- refresh_internal.captured_rows()
-- Writes the queries that read, from the rows a statement touched, what the queue of their source keeps.
-- requires: refresh_internal.has_equality(), refresh_internal.queue_column(), refresh_internal.column_type_of()
-- source:   docs/refresh.md, "Capture"

CREATE OR REPLACE FUNCTION refresh_internal.captured_rows(
    p_source_name text, p_only text[], OUT targets text, OUT on_insert text, OUT on_update text, OUT on_delete text
)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_columns text;
    v_lost text;
    v_few text;
    v_values text;
    v_is_distinct boolean;
    v_is_unique boolean;
    v_one text;
BEGIN
    -- The value of a virtual generated column is missing in transition tables, but what it is computed from is there. Types are what
    -- they were, see refresh_internal.capture_probe(); the test of one makes the planner expect few rows: it remembers how many the
    -- first statement of a session had, and a hash table for ten thousand makes later ones over one row three times as long.
    SELECT
        string_agg(CASE WHEN def.oid IS NULL THEN quote_ident(col.name)
            ELSE format('(%s) AS %I', pg_get_expr(def.adbin, def.adrelid), col.name) END, ', ' ORDER BY col.name),
        coalesce(string_agg(format(', %I', refresh_internal.queue_column(col.name, col.type)), '' ORDER BY col.name), ''),
        coalesce(string_agg(format(', changed.%I', col.name), '' ORDER BY col.name), ''),
        coalesce((array_agg(format(' WHERE pg_typeof(%I) = %s::regtype', col.name, att.atttypid) ORDER BY col.name)
            -- types of the server have the same number everywhere, those of a database another one after a restore
            FILTER (WHERE def.oid IS NULL AND att.atttypid < 16384))[1], ''),
        bool_and(refresh_internal.has_equality(col.type))
    INTO v_columns, targets, v_values, v_few, v_is_distinct
    FROM (
        SELECT DISTINCT col.name, col.type
        FROM refresh.view_sources AS vs
        CROSS JOIN LATERAL unnest(vs.queue_columns, vs.queue_types) AS col (name, type)
        WHERE vs.source_name = p_source_name AND (p_only IS NULL OR col.name = ANY (p_only))
    ) AS col
    INNER JOIN pg_attribute AS att ON att.attrelid = to_regclass(p_source_name) AND att.attname = col.name AND NOT att.attisdropped
    LEFT JOIN pg_attrdef AS def ON att.attrelid = def.adrelid AND att.attnum = def.adnum AND att.attgenerated = 'v'
    -- a view that was told another type before is recomputed when it learns this one
    WHERE col.type = refresh_internal.column_type_of(att.attrelid, att.attname, FALSE);
    -- in the queue, neither TRUE nor FALSE stands for a statement that touched many rows
    v_lost := CASE WHEN p_only IS NULL THEN 'FALSE' ELSE 'NULL::boolean' END;
    IF v_columns IS NULL THEN
        -- no view needs a column: that something changed is all there is to say
        v_one := format('SELECT %s AS tidemark_lost FROM (SELECT FROM %%s LIMIT 1) AS changed', v_lost);
        on_insert := format(v_one, 'new_rows');
        on_update := on_insert;
        on_delete := format(v_one, 'old_rows');
        RETURN;
    END IF;
    -- rows of one statement that differ in a unique key are different without a look
    SELECT count(*) > 0 INTO v_is_unique
    FROM pg_index AS idx
    WHERE idx.indrelid = to_regclass(p_source_name) AND idx.indisunique AND idx.indisvalid AND idx.indexprs IS NULL
        AND NOT EXISTS (
            SELECT FROM unnest(idx.indkey[0:idx.indnkeyatts - 1]) AS part (attnum)
            INNER JOIN pg_attribute AS att ON att.attrelid = idx.indrelid AND att.attnum = part.attnum
            WHERE NOT EXISTS (
                SELECT FROM refresh.view_sources AS vs
                WHERE vs.source_name = p_source_name AND att.attname::text = ANY (vs.queue_columns)
                    AND (p_only IS NULL OR att.attname::text = ANY (p_only))
            )
        );
    v_one := format('SELECT %s AS tidemark_lost%s FROM (SELECT %s%s FROM {rows}%s) AS changed', v_lost, v_values,
        CASE WHEN v_is_distinct AND NOT v_is_unique THEN 'DISTINCT ' END, v_columns, CASE WHEN v_is_distinct AND NOT v_is_unique THEN v_few END);
    on_insert := replace(v_one, '{rows}', 'new_rows');
    on_delete := replace(v_one, '{rows}', 'old_rows');
    -- both sides count: a row may have left one key and joined another
    on_update := format('SELECT %s AS tidemark_lost%s FROM (SELECT %s FROM new_rows%s UNION %s SELECT %3$s FROM old_rows%4$s) AS changed',
        v_lost, v_values, v_columns, v_few, CASE WHEN NOT v_is_distinct THEN 'ALL' END);
END;
$$;

COMMENT ON FUNCTION refresh_internal.captured_rows IS
'SQL text per event, and the columns of the queue they fill; the first column is FALSE, or NULL for a statement that touched many rows. p_only: the columns kept of a statement that touched many rows, NULL: all.';

REVOKE ALL ON FUNCTION refresh_internal.captured_rows FROM PUBLIC;

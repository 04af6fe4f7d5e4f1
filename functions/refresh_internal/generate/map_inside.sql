-- refresh_internal.map_inside()
-- Writes the statement that turns the changes into keys, for a view that is kept inside the transaction of the writer.
-- requires: refresh_internal.mapping_query(), refresh_internal.appearing(), refresh_internal.parts_of()
-- source:   docs/refresh.md, "From a change to keys"

CREATE OR REPLACE FUNCTION refresh_internal.map_inside(p_view refresh.stored_views, p_map_columns text[], p_subset integer)
RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH key AS (
        SELECT
            string_agg(format('%I', key.name), ', ' ORDER BY key.position) AS columns,
            string_agg(format('%I::%s', key.name, key.type), ', ' ORDER BY key.position) AS casts,
            string_agg(format('array_agg(keys.%I)', key.name), ', ' ORDER BY key.position) AS arrays,
            string_agg(format('v_keys_%s_%s', p_subset, key.position), ', ' ORDER BY key.position) AS variables
        FROM unnest(p_view.key_columns, p_view.key_types) WITH ORDINALITY AS key (name, type, position)
        WHERE key.name = ANY(p_map_columns)
    ),

    changes AS (
        SELECT
            string_agg(format($text$
        SELECT %1$s FROM (
            %2$s
        ) AS mapped WHERE v_queue_%3$s IS NOT NULL$text$,
                key.casts,
                refresh_internal.mapping_query(p_view, vs.source_name, TRUE, part.number),
                src.source_id
            ), E'\n        UNION ALL' ORDER BY src.source_id, part.number) AS parts,
            string_agg(DISTINCT format('v_queue_%s IS NOT NULL', src.source_id), ' OR ') AS condition
        FROM refresh.view_sources AS vs
        INNER JOIN refresh.captured_sources AS src USING (source_name)
        CROSS JOIN LATERAL refresh_internal.parts_of(vs) AS part
        CROSS JOIN key
        WHERE vs.view_id = p_view.view_id AND NOT part.is_bulk AND part.map_columns = p_map_columns
    ),

    due AS (
        SELECT format($text$
        SELECT %1$s FROM %2$s AS stored WHERE tidemark_is_due AND stored.%3$s <= %4$s$text$,
            key.columns, p_view.storage_name, quote_ident(p_view.due_column),
            CASE p_view.due_type WHEN 'date' THEN 'refresh.as_of_date()' ELSE 'refresh.now()' END
        ) || CASE WHEN p_view.appears_type IS NOT NULL THEN format($text$
        UNION ALL
        SELECT %1$s FROM %2$s AND tidemark_is_due$text$,
            key.casts, replace(refresh_internal.appearing(p_view), '{since}', 'tidemark_clock_at')) ELSE '' END AS part
        FROM key
        WHERE p_map_columns = p_view.key_columns AND p_view.due_column IS NOT NULL
    )

    SELECT format($text$
IF %1$s THEN
    SELECT key_count + count(*), %2$s INTO key_count, %3$s
    FROM (
        SELECT DISTINCT * FROM (%4$s
        ) AS mapped LIMIT tidemark_key_limit + 1
    ) AS keys;
END IF;
$text$,
        concat_ws(' OR ', changes.condition, CASE WHEN due.part IS NOT NULL THEN 'tidemark_is_due' END),
        key.arrays,
        key.variables,
        concat_ws(E'\n        UNION ALL', changes.parts, due.part)
    )
    FROM key
    CROSS JOIN changes
    LEFT JOIN due ON TRUE
    WHERE changes.parts IS NOT NULL OR due.part IS NOT NULL;
END;

COMMENT ON FUNCTION refresh_internal.map_inside IS
'PL/pgSQL text for one set of key columns that mappings return; NULL when nothing leads to it.';

REVOKE ALL ON FUNCTION refresh_internal.map_inside FROM PUBLIC;

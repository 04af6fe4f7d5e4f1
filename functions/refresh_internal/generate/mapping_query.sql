-- refresh_internal.mapping_query()
-- Writes one query of a mapping with everything it reads: the changes, and the other sources as they are now and as they were.
-- requires: refresh_internal.bare_names(), refresh_internal.has_equality(), refresh_internal.queue_column(), refresh_internal.parts_of()
-- source:   docs/refresh.md, "Why no key is missed"

-- Any row that a bulk statement touched is followed by the query for such statements, from that row on, so the other queries
-- need not know of it.
CREATE OR REPLACE FUNCTION refresh_internal.mapping_query(
    p_view refresh.stored_views, p_source_name text, p_is_inside boolean, p_number bigint
)
RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_source refresh.view_sources;
    v_source_id integer;
    v_part record;
    v_columns text[];
    v_changes text;
    v_with text;
    v_read record;
BEGIN
    SELECT vs.* INTO v_source FROM refresh.view_sources AS vs WHERE vs.view_id = p_view.view_id AND vs.source_name = p_source_name;
    SELECT src.source_id INTO v_source_id FROM refresh.captured_sources AS src WHERE src.source_name = p_source_name;
    SELECT part.* INTO v_part FROM refresh_internal.parts_of(v_source) AS part WHERE part.number = p_number;
    v_columns := ARRAY(SELECT jsonb_array_elements_text(v_part.reads -> 'changed'));
    v_changes := CASE WHEN p_is_inside THEN format('unnest(v_queue_%s) AS queue', v_source_id) ELSE format('changes_%s AS queue%s', v_source_id,
        CASE WHEN v_part.is_bulk THEN ' WHERE queue.tidemark_all IS NULL' WHEN v_source.bulk_columns IS NOT NULL THEN ' WHERE queue.tidemark_all IS NOT NULL' END) END;
    SELECT format('WITH changed AS (SELECT %s%s FROM %s%s)',
        CASE WHEN NOT p_is_inside AND cardinality(v_columns) > 0 AND bool_and(refresh_internal.has_equality(col.type)) THEN 'DISTINCT ' END,
        coalesce(string_agg(format('queue.%I', col.name), ', '), 'TRUE AS tidemark_is_changed'),
        v_changes,
        CASE WHEN cardinality(v_columns) = 0 THEN ' LIMIT 1' END)
    INTO v_with
    FROM unnest(v_source.queue_columns, v_source.queue_types) AS col (name, type)
    WHERE col.name = ANY (v_columns);
    FOR v_read IN
        SELECT named.bare_name, vs.source_name, vs.mapping_kind, src.source_id, wanted.columns, wanted.old_columns,
            CASE WHEN vs.bulk_columns IS NOT NULL AND NOT v_part.is_bulk THEN ' WHERE queue.tidemark_all IS NOT NULL' ELSE '' END AS condition
        FROM refresh.view_sources AS vs
        INNER JOIN refresh.captured_sources AS src USING (source_name)
        INNER JOIN refresh_internal.bare_names(ARRAY(
            SELECT every.source_name FROM refresh.view_sources AS every WHERE every.view_id = p_view.view_id
        )) AS named ON vs.source_name = named.source_name
        CROSS JOIN LATERAL (
            SELECT
                coalesce(string_agg(format('source.%I', col.name), ', ' ORDER BY col.position), 'TRUE AS tidemark_is_there') AS columns,
                coalesce(string_agg(format(
                    CASE WHEN p_is_inside THEN 'queue.%2$I' ELSE 'queue.%1$I' END, col.name,
                    coalesce(refresh_internal.queue_column(col.name, vs.queue_types[array_position(vs.queue_columns, col.name)]), '')
                ), ', ' ORDER BY col.position), 'TRUE') AS old_columns
            FROM jsonb_array_elements_text(v_part.reads -> named.bare_name) WITH ORDINALITY AS col (name, position)
        ) AS wanted
        WHERE vs.view_id = p_view.view_id AND v_part.reads ? named.bare_name
        ORDER BY named.bare_name
    LOOP
        v_with := v_with || format(E',\n            %I AS NOT MATERIALIZED (SELECT %s FROM %s AS source', v_read.bare_name, v_read.columns, v_read.source_name)
            || CASE
                WHEN v_read.mapping_kind <> 'keys' THEN ''
                WHEN p_is_inside THEN format(
                    ' UNION ALL SELECT %1$s FROM refresh_data.changes_%2$s_a AS queue WHERE queue.tidemark_xid = pg_current_xact_id()'
                    ' UNION ALL SELECT %1$s FROM refresh_data.changes_%2$s_b AS queue WHERE queue.tidemark_xid = pg_current_xact_id()',
                    v_read.old_columns, v_read.source_id)
                ELSE format(' UNION ALL SELECT %s FROM changes_%s AS queue%s', v_read.old_columns, v_read.source_id, v_read.condition)
            END || ')';
    END LOOP;
    RETURN format(E'%s\n            SELECT * FROM (%s\n            ) AS mapping', v_with, v_part.mapping);
END;
$$;

COMMENT ON FUNCTION refresh_internal.mapping_query IS
'SQL text. p_number: which of the queries, see refresh_internal.parts_of(). p_is_inside: for a view kept inside the transaction of the writer, where the changes are in variables and old rows those of this transaction.';

REVOKE ALL ON FUNCTION refresh_internal.mapping_query FROM PUBLIC;

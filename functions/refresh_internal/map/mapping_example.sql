-- refresh_internal.mapping_example()
-- Proposes the refresh.affects() call a stored view is missing.
-- requires: refresh_internal.bare_names()
-- source:   docs/refresh.md, "From a change to keys"

CREATE OR REPLACE FUNCTION refresh_internal.mapping_example(p_view_id integer, p_source_name text)
RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT CASE
        WHEN rel.relkind NOT IN ('r', 'p', 'v')
            THEN format(
                'SELECT refresh.affects(%L, %L, ''none''); its changes cannot be captured, so rebuild the view when it changes',
                p_source_name, sv.view_name
            )
        ELSE format(
            'SELECT refresh.affects(%L, %L, $$ SELECT link.%I FROM changed JOIN %I AS link USING (%I) $$); or ''all'', or ''none''',
            p_source_name, sv.view_name, COALESCE(link.key_column, sv.key_columns[1]),
            COALESCE(link.table_name, 'link_table'), COALESCE(link.shared_column, 'common_column')
        )
    END
    FROM refresh.stored_views AS sv
    LEFT JOIN pg_class AS rel ON rel.oid = to_regclass(p_source_name)
    LEFT JOIN LATERAL (
        -- another table the view reads that has a column of this one and a column of the key
        SELECT named.bare_name AS table_name, shared.attname AS shared_column, keyed.attname AS key_column
        FROM refresh.view_sources AS other
        INNER JOIN refresh_internal.bare_names(ARRAY(
            SELECT every.source_name FROM refresh.view_sources AS every WHERE every.view_id = sv.view_id
        )) AS named ON other.source_name = named.source_name
        INNER JOIN pg_attribute AS keyed
            ON keyed.attrelid = to_regclass(other.source_name) AND keyed.attname = ANY(sv.key_columns)
        INNER JOIN pg_attribute AS shared
            ON keyed.attrelid = shared.attrelid AND shared.attnum > 0 AND shared.attname <> keyed.attname
        INNER JOIN pg_attribute AS own ON own.attrelid = rel.oid AND own.attname = shared.attname AND own.attnum > 0
        WHERE other.view_id = sv.view_id AND other.source_name <> p_source_name
        -- a column that the primary key of this table consists of makes the best link
        ORDER BY EXISTS (
            SELECT FROM pg_index AS idx WHERE idx.indrelid = rel.oid AND idx.indisprimary AND idx.indkey[0] = own.attnum
        ) DESC, other.source_name, shared.attnum
        LIMIT 1
    ) AS link ON TRUE
    WHERE sv.view_id = p_view_id;
END;

COMMENT ON FUNCTION refresh_internal.mapping_example IS
'SQL text for the hint of an error; names a real link table when the catalogue shows one.';

REVOKE ALL ON FUNCTION refresh_internal.mapping_example FROM PUBLIC;

-- refresh_internal.lock_body()
-- Writes the locking statements of a view that is kept inside the writer's transaction.
-- requires: refresh_internal.lock_keys(), refresh_internal.lock_values(), refresh_internal.has_hash()
-- source:   docs/refresh.md, "Inside the writer's transaction"

-- Keys can be locked one by one only when every change names its key itself and all mappings share a key column. A mapping
-- that looks through other tables may miss a row another writer has not committed yet: then all writers take one lock, first.
CREATE OR REPLACE FUNCTION refresh_internal.lock_body(
    p_view refresh.stored_views, p_subsets text[], OUT before_take text, OUT before_whole text, OUT before_merge text
)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_is_direct boolean;
    v_common text[];
BEGIN
    IF p_view.target_lag > interval '0' THEN
        RETURN;
    END IF;
    -- plain columns of the changed row, under their own name or that of the key
    SELECT bool_and(
        vs.mapping_kind <> 'keys'
        OR replace(vs.mapping, 'changed.', '') ~ '^SELECT [a-z_0-9]+( AS [a-z_0-9]+)?(, [a-z_0-9]+( AS [a-z_0-9]+)?)* FROM changed$'
    )
    INTO v_is_direct
    FROM refresh.view_sources AS vs
    WHERE vs.view_id = p_view.view_id;
    SELECT array_agg(key.name) INTO v_common
    FROM unnest(p_view.key_columns) AS key (name)
    WHERE NOT EXISTS (SELECT FROM unnest(p_subsets) AS subset (columns) WHERE key.name <> ALL (subset.columns::text[]));
    IF NOT coalesce(v_is_direct, FALSE) OR v_common IS NULL OR p_subsets IS NULL OR NOT refresh_internal.has_hash(v_common, p_view) THEN
        before_take := format(E'PERFORM refresh_internal.lock_keys(%s, ''{0}'');\n', p_view.view_id);
        RETURN;
    END IF;
    before_whole := format(E'PERFORM refresh_internal.lock_keys(%s, ''{0}'');\n', p_view.view_id);
    SELECT format(E'PERFORM refresh_internal.lock_values(%s, ARRAY(SELECT DISTINCT part.hash FROM (%s) AS part));\n',
        p_view.view_id, string_agg(branch.query, ' UNION ALL '))
    INTO before_merge
    FROM (
        SELECT format('SELECT hash_record_extended(ROW(%s), 0) AS hash FROM unnest(%s) AS key (%s)',
            string_agg(format('key.%I', key.name), ', ' ORDER BY key.position),
            string_agg(format('v_keys_%s_%s', subset.number, key.position), ', ' ORDER BY key.position),
            string_agg(format('%I', key.name), ', ' ORDER BY key.position)) AS query
        FROM unnest(p_subsets) WITH ORDINALITY AS subset (columns, number)
        CROSS JOIN unnest(p_view.key_columns) WITH ORDINALITY AS key (name, position)
        WHERE key.name = ANY (v_common)
        GROUP BY subset.number
    ) AS branch;
END;
$$;

COMMENT ON FUNCTION refresh_internal.lock_body IS
'PL/pgSQL text for three places of the refresh function; all NULL unless target_lag is 0.';

REVOKE ALL ON FUNCTION refresh_internal.lock_body FROM PUBLIC;

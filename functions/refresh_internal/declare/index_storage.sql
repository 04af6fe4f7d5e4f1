-- refresh_internal.index_storage()
-- Keeps the indexes of a storage beside its key: one on the due column, one per declared way of looking rows up.
-- requires: nothing
-- source:   docs/refresh.md, "Declaring a stored view"

-- A name carries a hash of what it indexes, so an index that is still wanted stays and one that is not goes.
CREATE OR REPLACE FUNCTION refresh_internal.index_storage(p_view refresh.stored_views)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_index record;
BEGIN
    IF p_view.mode <> 'keyed' THEN
        RETURN;
    END IF;
    FOR v_index IN
        WITH wanted AS (
            SELECT format('due_%s_%s_%s_idx', p_view.view_id, p_view.generation, left(md5(p_view.due_column), 8)) AS name,
                format('(%1$I) WHERE %1$I IS NOT NULL', p_view.due_column) AS definition
            WHERE p_view.due_column IS NOT NULL
            UNION
            SELECT format('by_%s_%s_%s_idx', p_view.view_id, p_view.generation, left(md5(part.list), 8)),
                format('(%s)', part.list)
            FROM unnest(p_view.also_by) AS also (text)
            CROSS JOIN LATERAL (
                SELECT string_agg(format('%I', btrim(col.name)), ', ' ORDER BY col.position) AS list
                FROM string_to_table(also.text, ',') WITH ORDINALITY AS col (name, position)
            ) AS part
        ),

        existing AS (
            SELECT rel.relname::text AS name
            FROM pg_index AS ind
            INNER JOIN pg_class AS rel ON ind.indexrelid = rel.oid
            WHERE ind.indrelid = to_regclass(p_view.storage_name) AND rel.relname ~ '^(due|by)_\d+_\d+_[0-9a-f]{8}_idx$'
        )

        SELECT wanted.name AS wanted_name, wanted.definition, existing.name AS existing_name
        FROM wanted
        FULL JOIN existing ON wanted.name = existing.name
        WHERE wanted.name IS NULL OR existing.name IS NULL
    LOOP
        IF v_index.wanted_name IS NULL THEN
            EXECUTE format('DROP INDEX refresh_data.%I', v_index.existing_name);
        ELSE
            EXECUTE format('CREATE INDEX %I ON %s %s', v_index.wanted_name, p_view.storage_name, v_index.definition);
        END IF;
    END LOOP;
END;
$$;

COMMENT ON FUNCTION refresh_internal.index_storage IS
'Called for a new storage and when due or also_by are declared differently. The index on the key belongs to the storage itself.';

REVOKE ALL ON FUNCTION refresh_internal.index_storage FROM PUBLIC;

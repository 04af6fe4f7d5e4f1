-- refresh_internal.unsound_sources()
-- Finds sources whose changes are not captured although a stored view follows them.
-- requires: nothing
-- source:   docs/refresh.md, "Capture"

-- Triggers belong to relations, not to names: another table under the name of a source, or a partition that was swapped, has
-- none, and then what happens there reaches nobody.
-- SECURITY DEFINER because it is called inside a view: whoever may ask how old a view is need not read the registry.
CREATE OR REPLACE FUNCTION refresh_internal.unsound_sources(p_view_id integer DEFAULT NULL)
RETURNS TABLE (source_name text)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH RECURSIVE family AS (
        SELECT
            src.source_name,
            to_regproc(format('refresh_data.capture_%s', src.source_id))::oid AS capture,
            to_regclass(CASE WHEN sv.view_id IS NULL THEN src.source_name ELSE sv.serving_name END)::oid AS relation_id,
            sv.view_id IS NULL AS is_table
        FROM refresh.captured_sources AS src
        LEFT JOIN refresh.stored_views AS sv ON src.source_name = sv.view_name
        WHERE EXISTS (
            SELECT FROM refresh.view_sources AS vs
            WHERE vs.source_name = src.source_name AND vs.mapping_kind IN ('keys', 'all') AND vs.view_id = coalesce(p_view_id, vs.view_id)
        )
            -- a view that is recomputed as a whole tells its readers itself
            AND sv.mode IS DISTINCT FROM 'full'
        UNION
        SELECT family.source_name, family.capture, inh.inhrelid, family.is_table
        FROM family
        INNER JOIN pg_inherits AS inh ON family.relation_id = inh.inhparent
    )

    SELECT DISTINCT family.source_name
    FROM family
    LEFT JOIN pg_class AS rel ON family.relation_id = rel.oid
    WHERE (family.is_table AND family.relation_id IS NULL)
        OR (rel.relkind IN ('r', 'p') AND 4 > (
            SELECT count(*) FROM pg_trigger AS trg
            WHERE trg.tgrelid = family.relation_id AND trg.tgfoid = family.capture AND trg.tgenabled IN ('O', 'A')
        ));
END;

COMMENT ON FUNCTION refresh_internal.unsound_sources IS
'Sources, of one stored view or of all, with a relation whose capture is missing, disabled or belongs to another relation.';

REVOKE ALL ON FUNCTION refresh_internal.unsound_sources FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_internal.unsound_sources TO PUBLIC;

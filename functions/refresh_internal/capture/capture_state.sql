-- refresh_internal.capture_state()
-- Tells, per source, which relations are captured now, by which triggers, and how their rows are kept.
-- requires: refresh_internal.relation_named()
-- source:   docs/refresh.md, "Capture"

-- Object numbers, not names: a partition made again under its name is another one. The transaction that wrote a trigger's
-- catalogue row tells that it was disabled for a while, although it is enabled again.
-- PL/pgSQL, which keeps the plan: every run asks.
CREATE OR REPLACE FUNCTION refresh_internal.capture_state(p_source_name text DEFAULT NULL, p_view_id integer DEFAULT NULL)
RETURNS TABLE (source_name text, is_complete boolean, relations text[], is_unlogged boolean, files text[], columns text[])
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET quote_all_identifiers = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH RECURSIVE family AS (
        SELECT
            src.source_name,
            to_regproc(format('refresh_data.capture_%s', src.source_id))::oid AS capture,
            named.relation_id,
            sv.view_id IS NULL AS is_table
        FROM refresh.captured_sources AS src
        LEFT JOIN refresh.stored_views AS sv ON src.source_name = sv.view_name
        LEFT JOIN LATERAL refresh_internal.relation_named(CASE WHEN sv.view_id IS NULL THEN src.source_name ELSE sv.serving_name END) AS named ON TRUE
        WHERE src.source_name = coalesce(p_source_name, src.source_name)
            AND EXISTS (
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

    SELECT
        family.source_name,
        bool_and(CASE
            WHEN family.relation_id IS NULL THEN NOT family.is_table
            WHEN rel.relkind IN ('r', 'p') THEN trigger.enabled_count = 4
            ELSE TRUE
        END),
        coalesce(array_agg(format('%s %s', family.relation_id, trigger.list) ORDER BY family.relation_id)
            FILTER (WHERE rel.relkind IN ('r', 'p', 'f')), '{}'),
        coalesce(bool_or(rel.relpersistence = 'u' AND rel.relkind = 'r'), FALSE),
        coalesce(array_agg(format('%s.%s', rel.oid, rel.relfilenode) ORDER BY rel.oid)
            FILTER (WHERE rel.relkind = 'r' AND family.is_table), '{}'),
        -- those of the source itself: a partition has no types of its own
        ARRAY(
            SELECT format('%s.%s', att.attnum, att.xmin)
            FROM refresh_internal.relation_named(family.source_name) AS own
            INNER JOIN pg_attribute AS att ON own.relation_id = att.attrelid
            WHERE att.attnum > 0 AND NOT att.attisdropped AND bool_and(family.is_table)
            ORDER BY att.attnum
        )
    FROM family
    LEFT JOIN pg_class AS rel ON family.relation_id = rel.oid
    CROSS JOIN LATERAL (
        SELECT
            count(*) FILTER (WHERE trg.tgenabled IN ('O', 'A')) AS enabled_count,
            string_agg(format('%s.%s', trg.oid, trg.xmin), ' ' ORDER BY trg.oid) AS list
        FROM pg_trigger AS trg
        WHERE trg.tgrelid = family.relation_id AND trg.tgfoid = family.capture
    ) AS trigger
    GROUP BY family.source_name;
END;
$$;

COMMENT ON FUNCTION refresh_internal.capture_state IS
'One row per captured source, of one stored view or of all. is_complete: every relation has its triggers, enabled; relations, files and columns: what refresh.captured_sources remembers.';

REVOKE ALL ON FUNCTION refresh_internal.capture_state FROM PUBLIC;

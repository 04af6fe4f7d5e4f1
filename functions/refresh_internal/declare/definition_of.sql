-- refresh_internal.definition_of()
-- Fingerprints a live view together with every view and function below it.
-- requires: refresh_internal.objects_of(), refresh_internal.details_of()
-- source:   docs/refresh.md, "When a definition changes"

CREATE OR REPLACE FUNCTION refresh_internal.definition_of(
    p_live regclass,
    OUT definition_hash text,
    OUT clock_use text,
    OUT watched_objects oid[],
    OUT hidden_reads text[]
)
LANGUAGE plpgsql STABLE
-- so that pg_get_viewdef() writes names and constants alike whoever asks
SET search_path = pg_catalog, pg_temp
SET quote_all_identifiers = off SET standard_conforming_strings = on SET timezone = 'UTC' SET datestyle = 'ISO, MDY'
SET intervalstyle = postgres SET extra_float_digits = 1 SET bytea_output = hex SET lc_monetary = 'C'
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
    WITH reached AS MATERIALIZED (
        SELECT obj.object_kind, obj.object_id, obj.object_name, obj.used_by FROM refresh_internal.objects_of(p_live) AS obj
    ),

    object AS (
        SELECT DISTINCT reached.object_kind, reached.object_id, reached.object_name FROM reached
    ),

    described AS (
        SELECT
            object.object_kind,
            object.object_id,
            object.object_name,
            CASE
                WHEN object.object_kind = 'view' THEN pg_get_viewdef(object.object_id)
                -- all that an aggregate is, but for its own number
                WHEN fun.prokind = 'a' THEN (
                    SELECT (to_jsonb(agg) - 'aggfnoid')::text FROM pg_aggregate AS agg WHERE agg.aggfnoid = fun.oid
                )
                WHEN fun.prokind = 'w' THEN fun.prosrc
                WHEN fun.oid IS NOT NULL THEN pg_get_functiondef(fun.oid)
            END AS definition,
            -- a body PostgreSQL keeps as text may read tables nobody can see from outside
            fun.oid IS NOT NULL AND fun.prosqlbody IS NULL AND fun.provolatile <> 'i'
            AND fun.pronamespace <> 'refresh'::regnamespace AS may_hide_reads
        FROM object
        LEFT JOIN pg_proc AS fun ON object.object_kind = 'function' AND object.object_id = fun.oid
    )

    SELECT
        md5(string_agg(
            concat_ws(' ', described.object_kind, described.object_name, described.definition), E'\n'
            ORDER BY described.object_kind COLLATE "C", described.object_name COLLATE "C"
        )),
        CASE
            WHEN NOT EXISTS (
                SELECT FROM reached WHERE reached.object_id = to_regprocedure('refresh.now()')
            ) THEN CASE
                WHEN EXISTS (SELECT FROM reached WHERE reached.object_id = to_regprocedure('refresh.time_zone()')) THEN 'zone'
                ELSE 'none'
            END
            WHEN EXISTS (
                SELECT FROM reached
                WHERE reached.object_id = to_regprocedure('refresh.now()')
                    AND reached.used_by <> to_regprocedure('refresh.as_of_date()')
            ) THEN 'instant'
            ELSE 'day'
        END,
        array_agg(described.object_id ORDER BY described.object_id)
        FILTER (WHERE described.object_kind IN ('view', 'function'))
        || (SELECT det.object_ids FROM refresh_internal.details_of(p_live) AS det),
        array_agg(described.object_name ORDER BY described.object_name) FILTER (WHERE described.may_hide_reads)
    INTO definition_hash, clock_use, watched_objects, hidden_reads
    FROM described;
END;
$$;

COMMENT ON FUNCTION refresh_internal.definition_of IS
'definition_hash changes when the view, or any view or function it uses, does; clock_use says whether it looks at the clock: none, zone (only at the business time zone), day or instant; hidden_reads names functions whose reads cannot be seen.';

REVOKE ALL ON FUNCTION refresh_internal.definition_of FROM PUBLIC;

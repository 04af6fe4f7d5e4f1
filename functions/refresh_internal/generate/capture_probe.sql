-- refresh_internal.capture_probe()
-- Writes the look at one row that says whether the columns that mappings need are still what they were.
-- requires: nothing
-- source:   docs/refresh.md, "Capture"

-- PL/pgSQL, which keeps the plan: a declaration asks for each source.
-- A column that somebody renamed is found in tidemark_spare instead, a retyped one has another type. What a virtual generated
-- column is computed from counts for it.
CREATE OR REPLACE FUNCTION refresh_internal.capture_probe(p_source_name text)
RETURNS text LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan
AS $$
BEGIN
    RETURN (SELECT CASE WHEN count(*) = 0 THEN '(SELECT TRUE FROM {rows} LIMIT 1)' ELSE format(
        '(SELECT %s FROM (VALUES (%s)) AS tidemark_spare (%s) CROSS JOIN LATERAL (SELECT %3$s FROM {rows} LIMIT 1) AS changed)',
        -- a type of the database has another number after a restore, and may be gone, which a name in a text bears
        string_agg(CASE WHEN att.atttypid < 16384 THEN format('pg_typeof(changed.%I) = %s::regtype', att.attname, att.atttypid)
            ELSE format('pg_typeof(changed.%I)::text = %L', att.attname, format_type(att.atttypid, NULL)) END, ' AND ' ORDER BY att.attnum),
        string_agg(format('NULL::%s', CASE WHEN att.atttypid = 'name'::regtype THEN 'text' ELSE 'name' END), ', ' ORDER BY att.attnum),
        string_agg(quote_ident(att.attname), ', ' ORDER BY att.attnum)
    ) END
    FROM pg_attribute AS att
    WHERE att.attrelid = to_regclass(p_source_name) AND att.attnum > 0 AND NOT att.attisdropped AND att.attgenerated <> 'v'
        AND EXISTS (
            SELECT FROM refresh.view_sources AS vs
            CROSS JOIN LATERAL unnest(vs.queue_columns) AS col (name)
            INNER JOIN pg_attribute AS own ON own.attrelid = att.attrelid AND own.attname::text = col.name AND NOT own.attisdropped
            LEFT JOIN pg_attrdef AS def ON def.adrelid = own.attrelid AND def.adnum = own.attnum AND own.attgenerated = 'v'
            LEFT JOIN pg_depend AS dep ON dep.classid = 'pg_attrdef'::regclass AND dep.objid = def.oid
                AND dep.refclassid = 'pg_class'::regclass AND dep.refobjid = own.attrelid
            WHERE vs.source_name = p_source_name AND att.attnum IN (own.attnum, dep.refobjsubid)
        ));
END;
$$;

COMMENT ON FUNCTION refresh_internal.capture_probe IS
'SQL text with {rows} for the transition table: TRUE, FALSE, or NULL when the statement touched no row.';

REVOKE ALL ON FUNCTION refresh_internal.capture_probe FROM PUBLIC;

-- refresh_internal.create_storage()
-- Makes the empty relation that will hold the rows of a stored view.
-- requires: nothing
-- source:   docs/refresh.md, "Where the rows are"

CREATE OR REPLACE FUNCTION refresh_internal.create_storage(p_view refresh.stored_views)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_suffix text := format('%s_%s', p_view.view_id, p_view.generation);
    v_columns text;
    v_types text;
    v_casts text;
BEGIN
    SELECT
        string_agg(format('live.%I', col.name), ', ' ORDER BY col.position),
        string_agg(format('%I %s', col.name, col.type), ', ' ORDER BY col.position),
        string_agg(format('fresh.%1$I::%2$s AS %1$I', col.name, col.type), ', ' ORDER BY col.position)
    INTO v_columns, v_types, v_casts
    FROM unnest(p_view.column_names, p_view.column_types) WITH ORDINALITY AS col (name, type, position);
    IF p_view.mode = 'keyed' THEN
        EXECUTE format('CREATE TABLE %s (LIKE %s) WITH (fillfactor = 90)', p_view.storage_name, p_view.live_name);
        EXECUTE format('CREATE UNIQUE INDEX %I ON %s (%s) NULLS NOT DISTINCT',
            format('key_%s_idx', v_suffix), p_view.storage_name,
            (SELECT string_agg(format('%I', key.name), ', ') FROM unnest(p_view.key_columns) AS key (name)));
        EXECUTE format('COMMENT ON TABLE %s IS %L', p_view.storage_name,
            format('Rows of %s. Written by refresh.run() only.', p_view.view_name));
        -- rows that depend on who reads them live must not be read past that: no policy, so the owner alone sees any
        IF EXISTS (
            SELECT FROM pg_class AS cls
            CROSS JOIN LATERAL pg_options_to_table(cls.reloptions) AS opt
            WHERE cls.oid = to_regclass(p_view.live_name) AND opt.option_name = 'security_invoker' AND opt.option_value::boolean
        ) THEN
            EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', p_view.storage_name);
        END IF;
    ELSE
        -- A function with its body as text keeps the live view free of dependents, so it can be replaced at any time; it is
        -- inlined all the same. The two extra columns make every row unique, which REFRESH CONCURRENTLY needs.
        EXECUTE format('CREATE FUNCTION refresh_data.read_%s() RETURNS TABLE (%s) LANGUAGE sql STABLE AS %L',
            v_suffix, v_types, format('SELECT %s FROM %s AS live', v_columns, p_view.live_name));
        EXECUTE format('REVOKE ALL ON FUNCTION refresh_data.read_%s FROM PUBLIC', v_suffix);
        EXECUTE format('COMMENT ON FUNCTION refresh_data.read_%s IS %L', v_suffix,
            format('Reads %s for the storage of %s.', p_view.live_name, p_view.view_name));
        EXECUTE format(
            'CREATE MATERIALIZED VIEW %s AS SELECT hashed.*, '
            'row_number() OVER (PARTITION BY hashed.tidemark_hash) AS tidemark_copy '
            'FROM (SELECT %s, md5(fresh::text) AS tidemark_hash FROM refresh_data.read_%s() AS fresh) AS hashed WITH NO DATA',
            p_view.storage_name, v_casts, v_suffix);
        EXECUTE format('CREATE UNIQUE INDEX %I ON %s (tidemark_hash, tidemark_copy)', format('key_%s_idx', v_suffix), p_view.storage_name);
        EXECUTE format('COMMENT ON MATERIALIZED VIEW %s IS %L', p_view.storage_name,
            format('Rows of %s. Refreshed by refresh.run() only.', p_view.view_name));
    END IF;
END;
$$;

COMMENT ON FUNCTION refresh_internal.create_storage IS
'A table with the columns of the live view and a unique index on the key, or for mode full a materialized view, not yet populated.';

REVOKE ALL ON FUNCTION refresh_internal.create_storage FROM PUBLIC;

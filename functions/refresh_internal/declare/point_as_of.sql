-- refresh_internal.point_as_of()
-- Makes the second name of a stored view, which answers for any day: stored rows where they are right, live ones elsewhere.
-- requires: refresh_internal.is_current(), refresh_internal.as_of_name(), refresh_internal.column_type_of()
-- source:   docs/refresh.md, "Asking for another day"

-- The condition reads no column, so PostgreSQL tests it once and never starts the branch that does not apply. The live branch
-- hides in a function: its plan, which can take longer to make than the stored rows take to read, is made only when it runs.
-- Which branch runs is not known to the planner: it adds up both. The stored rows, of which it has statistics, stand for
-- either; a guess of a thousand for the other multiplies in joins, and just-in-time compilation then takes seconds.
-- That function works with the rights of its owner, like a view. Nobody can call it by name: no role may use refresh_data.
CREATE OR REPLACE FUNCTION refresh_internal.point_as_of(p_view refresh.stored_views)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_function text := format('refresh_data.live_%s', p_view.view_id);
    v_columns text;
    v_casts text;
    v_types text;
BEGIN
    SELECT
        string_agg(format('source.%I', att.attname), ', ' ORDER BY att.attnum),
        string_agg(format('source.%I::%s', att.attname, format_type(att.atttypid, att.atttypmod)), ', ' ORDER BY att.attnum),
        string_agg(format('%I %s', att.attname, refresh_internal.column_type_of(att.attrelid, att.attname)), ', ' ORDER BY att.attnum)
    INTO v_columns, v_casts, v_types
    FROM pg_attribute AS att
    WHERE att.attrelid = to_regclass(p_view.view_name) AND att.attnum > 0;
    -- plain records, not rows of the view: the function must not stand in the way when the view is replaced
    EXECUTE format(
        'CREATE OR REPLACE FUNCTION %s() RETURNS SETOF record LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 1 '
        'SET search_path = pg_catalog, pg_temp AS %L',
        v_function, format('BEGIN RETURN QUERY SELECT %s FROM %s AS source; END', v_casts, p_view.live_name)
    );
    EXECUTE format('COMMENT ON FUNCTION %s IS %L', v_function, format('All rows of %s.', p_view.live_name));
    EXECUTE format(
        'CREATE OR REPLACE VIEW %1$s AS SELECT %2$s FROM %3$s AS source WHERE refresh_internal.is_current(%4$L) '
        'UNION ALL SELECT %2$s FROM %5$s() AS source (%6$s) WHERE NOT refresh_internal.is_current(%4$L)',
        refresh_internal.as_of_name(p_view.view_name), v_columns, p_view.view_name, p_view.view_name, v_function, v_types
    );
    EXECUTE format('COMMENT ON VIEW %s IS %L', refresh_internal.as_of_name(p_view.view_name),
        format('%s where its rows are right for refresh.as_of_date(), otherwise %s.', p_view.view_name, p_view.live_name));
END;
$$;

COMMENT ON FUNCTION refresh_internal.point_as_of IS
'Creates or re-points <view>_as_of. Reports read it, and live views of higher stored views do: one definition then serves the stored chain and any other day.';

REVOKE ALL ON FUNCTION refresh_internal.point_as_of FROM PUBLIC;

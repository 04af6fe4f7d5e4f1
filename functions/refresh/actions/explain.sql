-- refresh.explain()
-- Says in words what a stored view is, what it follows and why it is as fresh as it is.
-- requires: refresh_internal.registered(), refresh_internal.unsteady_parts(), refresh.freshness, refresh.dependency, refresh_internal.parts_of()
-- source:   docs/refresh.md, "Asking why"

CREATE OR REPLACE FUNCTION refresh.explain(view text)
RETURNS SETOF text LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- neither what the code says nor how it writes a name depends on the caller's session; to compile takes longer than to look up
SET standard_conforming_strings = on SET transform_null_equals = off SET array_nulls = on SET quote_all_identifiers = off SET jit = off
SET timezone = 'UTC' SET datestyle = 'ISO, YMD' SET intervalstyle = postgres SET extra_float_digits = 1
AS $$
DECLARE
    v_view refresh.stored_views := refresh_internal.registered(explain.view);
    v_fresh refresh.freshness;
    v_text text;
BEGIN
    SELECT fre.* INTO v_fresh FROM refresh.freshness AS fre WHERE fre.view_id = v_view.view_id;
    RETURN NEXT format('%s is %s.', v_view.view_name, CASE v_fresh.freshness_status
        WHEN 'fresh' THEN 'fresh: nothing waits'
        WHEN 'behind' THEN format('%s behind, within its target of %s', date_trunc('milliseconds', v_fresh.lag), v_view.target_lag)
        WHEN 'late' THEN format('late: %s behind, its target is %s', date_trunc('milliseconds', v_fresh.lag), v_view.target_lag)
        WHEN 'empty' THEN 'empty: readers see no row before its first run'
        WHEN 'stale' THEN 'stale: the next run recomputes everything'
        WHEN 'rebuilding' THEN 'being rebuilt beside: readers still see the old rows'
        WHEN 'bypassed' THEN 'bypassed: readers read ' || v_view.live_name
        WHEN 'failing' THEN CASE WHEN v_fresh.failure_count = 0
            THEN format('failing for %s of its keys since %s; all other rows follow', v_fresh.held_count, v_fresh.held_since)
            ELSE format('failing: %s in a row, next try after %s', v_fresh.failure_count, v_fresh.retry_at) END
    END);
    RETURN NEXT CASE v_view.mode
        WHEN 'keyed' THEN format('It keeps the rows of %s by key (%s) in %s%s.',
            v_view.live_name, array_to_string(v_view.key_columns, ', '), v_view.storage_name, ', ' || v_fresh.row_count || ' rows')
        ELSE format('It keeps the rows of %s in the materialized view %s and has no key, so every run recomputes all.',
            v_view.live_name, v_view.storage_name)
    END;
    IF v_view.target_lag = interval '0' THEN
        RETURN NEXT 'Every writer of its sources keeps it up to date inside its own transaction.';
    END IF;
    RETURN QUERY
    SELECT format('A change in %s %s.', vs.source_name, CASE vs.mapping_kind
        WHEN 'all' THEN 'concerns every row' || coalesce(' (' || vs.map_reason || ')', '')
        WHEN 'none' THEN 'is declared not to matter'
        WHEN 'missing' THEN 'leads nowhere: declare it with refresh.affects()'
        ELSE format('concerns the keys (%s) found by%s: %s', (
            SELECT string_agg(part.columns, ') or (' ORDER BY part.number) FROM (
                SELECT array_to_string(every.map_columns, ', ') AS columns, min(every.number) AS number
                FROM refresh_internal.parts_of(vs) AS every GROUP BY 1
            ) AS part), CASE WHEN vs.is_derived THEN ' the derived mapping' ELSE '' END, regexp_replace(btrim(vs.mapping), '\s+', ' ', 'g'))
    END)
    FROM refresh.view_sources AS vs
    WHERE vs.view_id = v_view.view_id
    ORDER BY vs.source_name;
    RETURN NEXT CASE
        WHEN v_view.due_column IS NOT NULL THEN format('Time alone changes a row when its %s comes; the next one is at %s.',
            v_view.due_column, coalesce(v_fresh.next_due_at::text, 'no known moment'))
        WHEN v_view.clock_use = 'none' THEN 'It does not look at the clock.'
        WHEN v_view.clock_use = 'zone' THEN 'It looks at the business time zone, but not at the clock.'
        ELSE format('It looks at the clock (%s) and names no due column, so time makes it recompute everything.', v_view.clock_use)
    END;
    IF v_view.due_column IS NOT NULL AND v_view.clock_use IN ('day', 'instant') THEN
        RETURN NEXT CASE
            WHEN v_view.clock_gap IS NOT NULL THEN format('Rows may also appear by time alone, which no stored moment tells (%s), so %s makes it recompute everything. '
                'Narrower: keep a row for every key whatever the clock says and show the condition as a column, or name the moments with appears in refresh.store().',
                v_view.clock_gap, CASE v_view.clock_use WHEN 'day' THEN 'each new day' ELSE 'the clock' END)
            WHEN v_view.appears = 'never' THEN 'Its declaration says that no row appears by time alone.'
            WHEN v_view.appears IS NOT NULL THEN format('Time alone brings rows at the moments given by: %s.', regexp_replace(btrim(v_view.appears), '\s+', ' ', 'g'))
            ELSE 'Which rows there are does not depend on the clock.'
        END;
    END IF;
    RETURN QUERY
    SELECT format('Its rows may differ from live ones although nothing changed: %s has %s, which depends on the order in which rows are read. Steady: %s.',
        uns.place, uns.part, uns.remedy)
    FROM refresh_internal.unsteady_parts(to_regclass(v_view.live_name)) AS uns;
    IF v_fresh.busy_with IS NOT NULL THEN
        RETURN NEXT format('%s is refreshing or changing it now.', v_fresh.busy_with);
    END IF;
    RETURN NEXT format('Waiting now: %s changes.', v_fresh.pending_count) || coalesce(' ' || v_fresh.mode_reason || '.', '');
    SELECT string_agg(other.view_name, ', ' ORDER BY other.view_name) INTO v_text
    FROM refresh.grouped_views AS own
    INNER JOIN refresh.grouped_views AS grp USING (group_name)
    INNER JOIN refresh.stored_views AS other ON grp.view_id = other.view_id
    WHERE own.view_id = v_view.view_id AND other.view_id <> v_view.view_id;
    IF v_text IS NOT NULL THEN
        RETURN NEXT format('It switches together with %s.', v_text);
    END IF;
    RETURN QUERY
    SELECT format('Its key %s is held back: %s %s. Next try after %s, or when it changes.', held.key, held.error_code, held.error_message, held.retry_at)
    FROM refresh.held_keys AS held
    WHERE held.view_id = v_view.view_id
    ORDER BY held.held_since, held.held_key_id
    LIMIT 5;
    SELECT string_agg(format('%s (lag %s)', below.view_name, date_trunc('milliseconds', below.lag)), ', ' ORDER BY below.view_name)
    INTO v_text
    FROM refresh.dependency AS dep
    INNER JOIN refresh.freshness AS below ON dep.source_view_id = below.view_id
    WHERE dep.view_id = v_view.view_id;
    IF v_text IS NOT NULL THEN
        RETURN NEXT format('It is built on %s; their lag counts as its own.', v_text);
    END IF;
    SELECT format('Last run that did something: %s, %s because of %s, %s keys, %s rows changed, %s ms%s.',
        log.started_at, log.mode, log.reason, coalesce(log.key_count, 0),
        coalesce(log.inserted_count + log.updated_count + log.deleted_count, 0), round(log.duration_ms::numeric, 1),
        coalesce(': ' || log.error_code || ' ' || log.error_message, ''))
    INTO v_text
    FROM refresh.runs AS log
    WHERE log.view_name = v_view.view_name
    ORDER BY log.started_at DESC, log.run_id DESC
    LIMIT 1;
    RETURN NEXT coalesce(v_text, 'It has never run.');
END;
$$;

COMMENT ON FUNCTION refresh.explain IS
'Sentences, one per row, most important first.';

REVOKE ALL ON FUNCTION refresh.explain FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh.explain TO tidemark_operator;

-- refresh.verify()
-- Compares a stored view with its live twin, row by row and column by column.
-- requires: refresh_internal.registered(), refresh_internal.compare_body()
-- requires: refresh_internal.pending_of(), refresh_internal.is_of_a_key()
-- source:   docs/refresh.md, "Verifying"

CREATE OR REPLACE FUNCTION refresh.verify(
    view text,
    p_samples integer DEFAULT 5,
    OUT view_name text,
    OUT is_equal boolean,
    OUT live_count bigint,
    OUT stored_count bigint,
    OUT missing_count bigint,
    OUT surplus_count bigint,
    OUT differing_count bigint,
    OUT pending_count bigint,
    OUT samples jsonb
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- neither what the code says nor how it writes a name depends on the caller's session
SET standard_conforming_strings = on SET transform_null_equals = off SET array_nulls = on SET quote_all_identifiers = off
SET jit = off
SET row_security = off
SET timezone = 'UTC'
SET datestyle = 'ISO, MDY'
SET intervalstyle = postgres
SET extra_float_digits = 1
SET bytea_output = hex
SET lc_monetary = 'C'
SET lc_numeric = 'C'
SET lc_time = 'C'
SET xmloption = content
SET xmlbinary = base64
AS $$
DECLARE
    v_view refresh.stored_views := refresh_internal.registered(verify.view);
    v_stored text;
    v_has_null_keys boolean := FALSE;
    v_source text := current_setting('tidemark.source', TRUE);
    v_compare record;
BEGIN
    view_name := v_view.view_name;
    PERFORM set_config('tidemark.source', 'stored', TRUE);  -- as a run reads stored views below
    -- what readers see; before the first run, and while a bypass hides it, what will be seen
    v_stored := CASE WHEN v_view.is_bypassed OR v_view.serving_name IS NULL THEN v_view.storage_name ELSE v_view.view_name END;
    IF v_view.mode = 'full' AND v_view.serving_name IS NULL THEN
        v_stored := v_view.view_name;
    END IF;
    IF v_view.mode = 'keyed' THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE %s)', v_stored,
            (SELECT string_agg(format('%I IS NULL', key.name), ' OR ') FROM unnest(v_view.key_columns) AS key (name)))
        INTO v_has_null_keys;
    END IF;
    v_compare := refresh_internal.compare_body(v_view, v_stored, v_has_null_keys);
    BEGIN
        EXECUTE format(
            'SELECT count(live.tidemark_is), count(stored.tidemark_is), '
            'count(*) FILTER (WHERE different.kind = ''missing''), count(*) FILTER (WHERE different.kind = ''surplus''), '
            'count(*) FILTER (WHERE different.kind = ''differing''), '
            -- of the same moment as the rows: a run that ends meanwhile would take the reason for a difference away
            '(SELECT pen.pending_count FROM refresh_internal.pending_of($1) AS pen) %s '
            'LEFT JOIN LATERAL (SELECT %s AS kind WHERE %s) AS different ON TRUE',
            v_compare.joined, v_compare.kind, v_compare.is_different)
        INTO live_count, stored_count, missing_count, surplus_count, differing_count, pending_count
        USING v_view.view_id;
    EXCEPTION
        WHEN OTHERS THEN
            IF NOT refresh_internal.is_of_a_key(SQLSTATE) THEN
                RAISE;
            END IF;
            RAISE EXCEPTION USING
                ERRCODE = SQLSTATE,
                MESSAGE = format('%s cannot be compared: %s raises an error', v_view.view_name, v_view.live_name),
                DETAIL = format('%s. Keys held back for such errors: %s.', SQLERRM,
                    (SELECT count(*) FROM refresh.held_keys AS held WHERE held.view_id = v_view.view_id)),
                HINT = 'refresh.held_keys names the keys and their errors; correct the data or the live view.';
    END;
    is_equal := missing_count + surplus_count + differing_count = 0 AND live_count = stored_count;
    samples := '[]';
    IF NOT is_equal AND p_samples > 0 THEN
        EXECUTE format('SELECT coalesce(jsonb_agg(jsonb_build_object(''difference'', kind, ''row'', sample)), ''[]'') '
            'FROM (SELECT %s AS kind, %s AS sample %s WHERE %s LIMIT $1) AS different',
            v_compare.kind, v_compare.sample, v_compare.joined, v_compare.is_different)
        INTO samples
        USING p_samples;
    END IF;
    PERFORM set_config('tidemark.source', coalesce(v_source, ''), TRUE);
END;
$$;

COMMENT ON FUNCTION refresh.verify IS
'is_equal: no row missing, surplus or differing, for the day refresh.as_of_date() gives. pending_count: queued changes that may explain differences; run the view first. samples: up to p_samples keys. Reads everything, changes nothing.';

REVOKE ALL ON FUNCTION refresh.verify FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh.verify TO tidemark_operator;

-- refresh.store()
-- Declares a stored view: what to keep, not how.
-- requires: refresh_internal.declaration_of(), refresh_internal.create_view(), refresh_internal.change_view(), refresh_internal.apply_sources(),
-- requires: refresh_internal.point_as_of(), refresh_internal.as_of_name(), refresh_internal.lock_view(), refresh_internal.load_at_once()
-- requires: refresh_internal.refuse_unsteady(), refresh_internal.unsteady_parts(), refresh_internal.limit_waits()
-- source:   docs/refresh.md, "Declaring a stored view"

CREATE OR REPLACE FUNCTION refresh.store(
    view text,
    live text,
    key text[] DEFAULT NULL,
    due text DEFAULT NULL,
    target_lag interval DEFAULT '5 minutes',
    full_above numeric DEFAULT NULL,
    also_by text[] DEFAULT NULL,
    appears text DEFAULT NULL
)
RETURNS text LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
-- neither what the code says nor how it writes a name depends on the caller's session; to compile takes longer than to look up
SET standard_conforming_strings = on SET transform_null_equals = off SET array_nulls = on SET quote_all_identifiers = off SET jit = off SET exit_on_error = off
AS $$
DECLARE
    v_wanted refresh.stored_views := refresh_internal.declaration_of(
        store.view, store.live, store.key, store.due, store.target_lag, store.full_above, store.also_by, store.appears);
    v_known refresh.stored_views;
    v_done text;
    v_changed text;
    v_timeout text := refresh_internal.limit_waits();
    v_unsteady record;
BEGIN
    PERFORM refresh_internal.refuse_unsteady(to_regclass(v_wanted.live_name));
    -- a run that is under way ends first; what it left, not what it found, is what is known
    PERFORM refresh_internal.lock_view(sv.view_id)
    FROM refresh.stored_views AS sv WHERE sv.view_name = v_wanted.view_name;
    SELECT sv.* INTO v_known FROM refresh.stored_views AS sv WHERE sv.view_name = v_wanted.view_name;
    IF FOUND THEN
        v_done := refresh_internal.change_view(v_known, v_wanted);
    ELSE
        PERFORM refresh_internal.create_view(v_wanted);
        v_done := 'created';
    END IF;
    -- lets the check at the end of the transaction tell which mappings this file still declares
    UPDATE refresh.stored_views AS sv SET declared_in = pg_current_xact_id()
    WHERE sv.view_name = v_wanted.view_name
    RETURNING sv.* INTO v_known;
    IF v_done <> 'unchanged' OR to_regclass(refresh_internal.as_of_name(v_wanted.view_name)) IS NULL THEN
        PERFORM refresh_internal.point_as_of(v_known);
    END IF;
    IF v_done <> 'unchanged' THEN
        FOR v_unsteady IN SELECT uns.part, uns.place, uns.remedy FROM refresh_internal.unsteady_parts(to_regclass(v_known.live_name)) AS uns LOOP
            RAISE WARNING USING
                MESSAGE = format('stored rows of %s may differ from live ones although no row of a table changed', v_known.view_name),
                DETAIL = format('%s has %s: it depends on the order in which rows are read.', v_unsteady.place, v_unsteady.part),
                HINT = format('To make the two equal bit by bit: %s.', v_unsteady.remedy);
        END LOOP;
    END IF;
    v_changed := refresh_internal.apply_sources(v_known, TRUE);
    PERFORM refresh_internal.load_at_once(v_known.view_name);
    PERFORM set_config('lock_timeout', v_timeout, TRUE);
    RETURN concat_ws('; ', v_done, CASE WHEN v_done = 'created' THEN '' ELSE v_changed END);
END;
$$;

COMMENT ON FUNCTION refresh.store IS
'view: the name readers use. live: its live twin. key: columns that identify a row; NULL: mode full. due: date or timestamptz of the next change that comes by time alone. target_lag: promised age; 0: kept inside the writer''s transaction. full_above: share of keys beyond which everything is recomputed; NULL: decided by measurement. also_by: columns by which others look rows up, each entry an index. appears: a query of the keys that are absent and of the day (appears_on) or instant (appears_at) at which time alone brings them; never: there are none. Returns what it did; calling it again does nothing.';

REVOKE ALL ON FUNCTION refresh.store FROM PUBLIC;

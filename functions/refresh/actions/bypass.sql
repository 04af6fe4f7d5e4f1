-- refresh.bypass()
-- Lets readers of a stored view read its live twin instead, or the stored rows again.
-- requires: refresh_internal.registered(), refresh_internal.point_view(), refresh_internal.mark_views()
-- requires: refresh_internal.lock_view()
-- source:   docs/refresh.md, "Bypassing"

CREATE OR REPLACE FUNCTION refresh.bypass(view text, p_on boolean)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- neither what the code says nor how it writes a name depends on the caller's session
SET standard_conforming_strings = on SET transform_null_equals = off SET array_nulls = on SET quote_all_identifiers = off
AS $$
DECLARE
    v_view refresh.stored_views := refresh_internal.registered(bypass.view);
    v_timeout text := current_setting('lock_timeout');
BEGIN
    IF p_on IS NULL THEN
        PERFORM refresh_internal.refuse('null_value_not_allowed', format('bypass of %s is neither on nor off', v_view.view_name),
            'The second argument is NULL.', 'Give true or false.');
    END IF;
    IF v_view.is_bypassed = p_on THEN
        RETURN FALSE;
    END IF;
    -- readers that are under way end first, but nobody waits long behind a report that takes minutes
    PERFORM set_config('lock_timeout', '5s', TRUE);
    PERFORM refresh_internal.lock_view(v_view.view_id);
    v_view := refresh_internal.registered(bypass.view);
    PERFORM refresh_internal.point_view(v_view, CASE WHEN p_on THEN v_view.live_name ELSE v_view.serving_name END);
    PERFORM set_config('lock_timeout', v_timeout, TRUE);
    UPDATE refresh.stored_views AS sv SET is_bypassed = p_on WHERE sv.view_id = v_view.view_id;
    -- stored views built on this one now read other rows than those whose changes they were told
    PERFORM refresh_internal.mark_views(v_view.view_name);
    RETURN TRUE;
END;
$$;

COMMENT ON FUNCTION refresh.bypass IS
'True when something was switched. Runs go on meanwhile, so switching back costs nothing. Raises 55P03 when readers hold the view for more than five seconds.';

REVOKE ALL ON FUNCTION refresh.bypass FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh.bypass TO tidemark_operator;

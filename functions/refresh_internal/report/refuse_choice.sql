-- refresh_internal.refuse_choice()
-- Refuses rows that are computed only because a reader of bi set another day, zone or source in its session.
-- requires: deploy_internal.caller_role(), refresh_internal.as_of_name()
-- source:   docs/refresh.md, "Asking for another day"

-- Called only where stored rows do not answer, so it costs nothing elsewhere. What ALTER ROLE or ALTER DATABASE set is the
-- administrator's choice, not the session's. Called by refresh_internal.is_current() with its rights.
CREATE OR REPLACE FUNCTION refresh_internal.refuse_choice(p_view text)
RETURNS void LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_caller text := deploy_internal.caller_role();
    v_settings text;
BEGIN
    SELECT string_agg(want.name, ', ' ORDER BY want.name) INTO v_settings
    FROM (VALUES ('tidemark.as_of', ''), ('tidemark.source', ''), ('tidemark.time_zone', 'UTC')) AS want (name, usual)
    WHERE coalesce(nullif(current_setting(want.name, TRUE), ''), want.usual) <> coalesce((
        -- what ALTER ROLE and ALTER DATABASE gave, the nearest first
        SELECT substr(item.setting, length(want.name) + 2)
        FROM pg_db_role_setting AS opt
        CROSS JOIN LATERAL unnest(opt.setconfig) AS item (setting)
        WHERE starts_with(item.setting, want.name || '=')
            AND opt.setrole IN (0, (SELECT rol.oid FROM pg_roles AS rol WHERE rol.rolname = session_user))
            AND opt.setdatabase IN (0, (SELECT dat.oid FROM pg_database AS dat WHERE dat.datname = current_database()))
        ORDER BY opt.setrole <> 0 DESC, opt.setdatabase <> 0 DESC
        LIMIT 1
    ), want.usual);
    IF v_settings IS NULL OR EXISTS (
        -- without rows there is nothing else to read, whatever was chosen
        SELECT FROM refresh.stored_views AS sv WHERE sv.view_name = p_view AND sv.serving_name IS NULL
    ) OR EXISTS (
        -- who may read a stored view itself, or its name for any day, is no mere reader of bi
        SELECT FROM pg_class AS cls
        INNER JOIN pg_namespace AS nsp ON cls.relnamespace = nsp.oid
        INNER JOIN refresh.stored_views AS sv
            ON format('%I.%I', nsp.nspname, cls.relname) IN (sv.view_name, refresh_internal.as_of_name(sv.view_name))
        WHERE has_table_privilege(v_caller, cls.oid, 'SELECT')
    ) THEN
        RETURN;
    END IF;
    RAISE EXCEPTION USING
        ERRCODE = 'insufficient_privilege',
        MESSAGE = 'this role may not ask for another day or for rows computed now',
        DETAIL = format('%s is set in this session, and the stored rows of %s do not answer for it.', v_settings, p_view),
        HINT = format('RESET it, or have the right granted: GRANT tidemark_bi_live TO %I;', v_caller);
END;
$$;

COMMENT ON FUNCTION refresh_internal.refuse_choice IS
'Raises 42501 when tidemark.as_of, tidemark.source or tidemark.time_zone was set by the session and its role is neither a member of tidemark_bi_live nor able to read a stored view by itself.';

REVOKE ALL ON FUNCTION refresh_internal.refuse_choice FROM PUBLIC;

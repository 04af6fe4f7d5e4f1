-- access.confirm_grants()
-- Gives the grants of a name to the role that bears it now, after a restore into another cluster or a new name.
-- requires: deploy_internal.caller_role()
-- source:   docs/access.md, "After a restore"

CREATE OR REPLACE FUNCTION access.confirm_grants(p_login text, p_former_name text DEFAULT NULL)
RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_oid oid := (SELECT rol.oid FROM pg_roles AS rol WHERE rol.rolname = p_login);
    v_count integer;
BEGIN
    IF v_oid IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'undefined_object',
            MESSAGE = format('there is no role "%s"', p_login),
            DETAIL = 'Grants can be confirmed only for a role of this server.',
            HINT = format('Create it, or take its grants away: SELECT access.revoke_scope(%L);', p_login);
    END IF;
    -- by the name only: after a restore the number of one role may be that of another
    WITH gone AS (
        DELETE FROM access.grants AS gra
        WHERE gra.login = coalesce(p_former_name, p_login) AND (gra.login, gra.login_oid) IS DISTINCT FROM (p_login, v_oid)
        RETURNING gra.family, gra.scope_kind, gra.scope_value
    )
    INSERT INTO access.grants (login, login_oid, family, scope_kind, scope_value, granted_by)
    SELECT DISTINCT p_login, v_oid, gone.family, gone.scope_kind, gone.scope_value, deploy_internal.caller_role()
    FROM gone
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END;
$$;

COMMENT ON FUNCTION access.confirm_grants IS
'Gives the number of grants that hold again. p_former_name: what the role was called when it was renamed. Grants stay without effect until somebody says, by this call, that the role of that name is the one meant. Raises 42704 for an unknown role.';

REVOKE ALL ON FUNCTION access.confirm_grants FROM PUBLIC;

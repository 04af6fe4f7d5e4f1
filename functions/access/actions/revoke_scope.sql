-- access.revoke_scope()
-- Takes grants of a login away: one, those of a kind, those of a family, or all.
-- requires: access.scope_values()
-- source:   docs/access.md, "Revoking"

CREATE OR REPLACE FUNCTION access.revoke_scope(
    p_login text, p_family text DEFAULT NULL, p_scope_kind text DEFAULT NULL, p_values text[] DEFAULT NULL
)
RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_count integer;
BEGIN
    IF (p_family IS NULL AND p_scope_kind IS NOT NULL) OR (p_scope_kind IS NULL AND p_values IS NOT NULL) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = 'what is to be revoked is not said in full',
            DETAIL = 'A kind belongs to a family, and values belong to a kind.',
            HINT = 'Give the family and the kind too, or leave the narrower arguments out to revoke more.';
    END IF;
    DELETE FROM access.grants AS gra
    WHERE gra.login = p_login
        AND (p_family IS NULL OR gra.family = p_family)
        AND (p_scope_kind IS NULL OR gra.scope_kind = p_scope_kind)
        AND (p_values IS NULL OR gra.scope_value = ANY(p_values) OR gra.scope_value IN (
            SELECT sco.scope_value FROM access.scope_values(p_family) AS sco
            WHERE sco.scope_kind = p_scope_kind AND sco.scope_value IS NOT NULL AND sco.scope_label = ANY(p_values)
        ));
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END;
$$;

COMMENT ON FUNCTION access.revoke_scope IS
'Gives the number of grants taken away, 0 when there was none. No statement that starts after the commit sees their rows. A role that was dropped keeps its rows here until they are revoked; they open nothing.';

REVOKE ALL ON FUNCTION access.revoke_scope FROM PUBLIC;

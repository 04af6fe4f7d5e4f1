-- deploy.step_aside()
-- Frees tables of the views and functions that use them, so that a migration of another tool can change them.
-- requires: deploy_internal.roots_of(), deploy_internal.free()
-- source:   docs/beside.md

-- SECURITY DEFINER: what steps aside belongs to whoever applied it, not to the migration's login. It must own what it changes.
CREATE OR REPLACE FUNCTION deploy.step_aside(VARIADIC p_relations text[])
RETURNS text[] LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM deploy_internal.free(deploy_internal.roots_of(p_relations));
    RETURN ARRAY(
        SELECT concat_ws(' ', asi.kind, asi.identity)
        FROM deploy.stepped_aside AS asi
        WHERE asi.state IN ('emptied', 'dropped', 'again')
        ORDER BY asi.depth DESC, asi.kind, asi.identity
    );
END;
$$;

COMMENT ON FUNCTION deploy.step_aside IS
'Call it in the migration''s own transaction before tables change, with all of them at once: deploy.step_aside(''shop.orders''). Returns what stepped aside. Without deploy.come_back() in the same transaction, COMMIT is refused. Raises 42501 for a relation that the caller does not own, 55P03 when readers are in the way.';

REVOKE ALL ON FUNCTION deploy.step_aside FROM PUBLIC;

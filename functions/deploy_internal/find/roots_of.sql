-- deploy_internal.roots_of()
-- Checks what deploy.step_aside() was given and adds the partitions and heirs, which change with their table.
-- requires: deploy_internal.caller_role()
-- source:   docs/beside.md, "Who may call"

CREATE OR REPLACE FUNCTION deploy_internal.roots_of(p_names text[])
RETURNS oid[] LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_name text;
    v_root regclass;
    v_owner text;
    v_roots oid[] := ARRAY[]::oid[];
BEGIN
    FOREACH v_name IN ARRAY p_names LOOP
        v_root := CASE WHEN cardinality(parse_ident(v_name)) = 2 THEN to_regclass(v_name) END;
        IF v_root IS NULL THEN
            RAISE EXCEPTION USING
                ERRCODE = 'undefined_table',
                MESSAGE = format('there is no table %s', v_name),
                DETAIL = 'deploy.step_aside() was asked to free it.',
                HINT = 'Name a table, or a view, with its schema: deploy.step_aside(''shop.orders'').';
        END IF;
        SELECT pg_get_userbyid(rel.relowner) INTO v_owner FROM pg_class AS rel WHERE rel.oid = v_root;
        IF NOT pg_has_role(deploy_internal.caller_role(), v_owner, 'USAGE') THEN
            RAISE EXCEPTION USING
                ERRCODE = 'insufficient_privilege',
                MESSAGE = format('%s belongs to %s', v_name, v_owner),
                DETAIL = format('%s may not change it, so nothing steps aside for it.', deploy_internal.caller_role()),
                HINT = format('Run the migration as %s or a member of it.', v_owner);
        END IF;
        v_roots := v_roots || v_root::oid;
    END LOOP;
    RETURN ARRAY(
        WITH RECURSIVE family AS (
            SELECT root.id FROM unnest(v_roots) AS root (id)
            UNION
            SELECT inh.inhrelid FROM family INNER JOIN pg_inherits AS inh ON family.id = inh.inhparent
        )

        SELECT family.id FROM family ORDER BY family.id
    );
END;
$$;

COMMENT ON FUNCTION deploy_internal.roots_of IS
'Raises 42P01 for an unknown name and 42501 for a relation that the caller does not own.';

REVOKE ALL ON FUNCTION deploy_internal.roots_of FROM PUBLIC;

-- The group roles of Tidemark. Safe to run again; needs CREATEROLE.
--
-- Roles belong to the whole cluster, so no migration creates them. `tidemark apply` runs this file
-- when its login may create roles; otherwise an administrator runs it once:
--
--     psql -X -v ON_ERROR_STOP=1 -f scripts/create_roles.sql
--
-- Nobody logs in as one of these. Give them to logins:
--
--     GRANT tidemark_bi TO dashboard_login;                    -- sees what tidemark access grants it
--     GRANT tidemark_bi, tidemark_bi_all TO dashboard_login;   -- sees every row

DO $$
DECLARE
    v_role text;
    v_comment text;
BEGIN
    FOR v_role, v_comment IN VALUES
        ('tidemark_bi', 'Tidemark: reads the views of schema bi, of them the rows granted in access.grants.'),
        ('tidemark_bi_all', 'Tidemark: sees every row of the views it may read in schema bi.'),
        ('tidemark_bi_live', 'Tidemark: may ask schema bi for another day, or for rows computed while it waits.'),
        ('tidemark_app', 'Tidemark: calls the actions of an application, reads live and stored views.'),
        ('tidemark_loader', 'Tidemark: loads files of registered datasets, nothing else.'),
        ('tidemark_operator', 'Tidemark: refreshes, verifies and rebuilds stored views.')
    LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = v_role) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', v_role);
                EXECUTE format('COMMENT ON ROLE %I IS %L', v_role, v_comment);
            EXCEPTION
                WHEN duplicate_object OR unique_violation THEN
                    NULL;  -- another session created it a moment ago; that is as good
            END;
        END IF;
    END LOOP;
END;
$$;

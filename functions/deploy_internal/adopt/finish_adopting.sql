-- deploy_internal.finish_adopting()
-- Fills the stored views that took the place of materialized views in this transaction, and gives them what those had.
-- requires: refresh.run()
-- source:   docs/adopt.md, "What apply does"

CREATE OR REPLACE FUNCTION deploy_internal.finish_adopting()
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_view record;
    v_statement text;
BEGIN
    FOR v_view IN
        SELECT asi.identity, ado.attributes, sv.view_id
        FROM deploy.stepped_aside AS asi
        INNER JOIN deploy.adopted_view AS ado ON asi.identity = ado.view_name
        LEFT JOIN refresh.stored_views AS sv ON asi.identity = sv.view_name
        WHERE asi.kind = 'materialized view' AND asi.is_root AND asi.state = 'stays'
            AND NOT EXISTS (SELECT FROM pg_class AS rel WHERE rel.oid = to_regclass(asi.identity) AND rel.relkind = 'm')
        ORDER BY sv.view_id
    LOOP
        IF v_view.view_id IS NULL THEN
            RAISE EXCEPTION USING
                ERRCODE = 'undefined_table',
                MESSAGE = format('%s was adopted, and no stored view took its place', v_view.identity),
                DETAIL = 'deploy.adopt() dropped the materialized view of that name.',
                HINT = 'Declare it with refresh.store() between deploy.adopt() and deploy.come_back().';
        END IF;
        PERFORM refresh.run(v_view.identity);
        FOR v_statement IN
            SELECT regexp_replace(att.statement, '^(ALTER|COMMENT ON) MATERIALIZED VIEW', '\1 VIEW')
            FROM ROWS FROM (
                jsonb_to_recordset(v_view.attributes) AS (aspect text, "column" text, statement text)
            ) WITH ORDINALITY AS att (aspect, "column", statement, position)
            LEFT JOIN pg_attribute AS col ON col.attrelid = to_regclass(v_view.identity) AND col.attname = att."column"
            WHERE att."column" IS NULL OR col.attnum IS NOT NULL
            ORDER BY att.position
        LOOP
            EXECUTE v_statement;
        END LOOP;
        -- a view reads with the rights of its owner
        EXECUTE (
            SELECT format('GRANT SELECT ON %s TO %I', sv.serving_name, pg_get_userbyid(rel.relowner))
            FROM refresh.stored_views AS sv INNER JOIN pg_class AS rel ON rel.oid = to_regclass(sv.view_name)
            WHERE sv.view_id = v_view.view_id
        );
    END LOOP;
END;
$$;

COMMENT ON FUNCTION deploy_internal.finish_adopting IS
'The first run, then owner, rights and comments of the materialized view.';

REVOKE ALL ON FUNCTION deploy_internal.finish_adopting FROM PUBLIC;

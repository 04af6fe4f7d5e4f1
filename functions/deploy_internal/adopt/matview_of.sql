-- deploy_internal.matview_of()
-- Writes the statements that make a materialized view out of a stored view.
-- requires: deploy_internal.attributes_of()
-- source:   docs/adopt.md, "The way back"

CREATE OR REPLACE FUNCTION deploy_internal.matview_of(p_view refresh.stored_views)
RETURNS text[] LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_query text := rtrim(pg_get_viewdef(to_regclass(p_view.live_name)), '; ');
    v_adopted deploy.adopted_view;
    v_made text[];
BEGIN
    SELECT ado.* INTO v_adopted FROM deploy.adopted_view AS ado WHERE ado.view_name = p_view.view_name;
    IF v_adopted.definition[1] LIKE '% AS ' || replace(replace(replace(v_query, '\', '\\'), '%', '\%'), '_', '\_') || '%' THEN
        v_made := regexp_replace(v_adopted.definition[1], ' WITH NO DATA$', '') || v_adopted.definition[2:];
    ELSE
        v_made := format('CREATE MATERIALIZED VIEW %s AS %s', p_view.view_name, v_query) || coalesce(
            v_adopted.definition[2:],
            -- it never was one: the key and the other ways of looking rows up
            ARRAY(
                SELECT format('CREATE %s INDEX ON %s (%s)', ind.word, p_view.view_name, ind.list)
                FROM (
                    SELECT 'UNIQUE' AS word, string_agg(quote_ident(key.name), ', ' ORDER BY key.position) AS list
                    FROM unnest(p_view.key_columns) WITH ORDINALITY AS key (name, position)
                    UNION ALL
                    SELECT '', also.list FROM unnest(p_view.also_by) AS also (list)
                ) AS ind
                WHERE ind.list IS NOT NULL
            ));
    END IF;
    RETURN v_made || ARRAY(
        SELECT regexp_replace(att.statement, '^(ALTER|COMMENT ON) VIEW', '\1 MATERIALIZED VIEW')
        FROM ROWS FROM (
            jsonb_to_recordset(deploy_internal.attributes_of('pg_class'::regclass, to_regclass(p_view.view_name)))
            AS (aspect text, "column" text, statement text)
        ) WITH ORDINALITY AS att (aspect, "column", statement, position)
        WHERE att.aspect IN ('owner', 'rights', 'comment')
            -- what the engine says about every stored view
            AND att.statement NOT LIKE 'COMMENT ON VIEW %Stored rows of % kept by the refresh engine%'
        ORDER BY att.position
    );
END;
$$;

COMMENT ON FUNCTION deploy_internal.matview_of IS
'The query is that of the live view now; indexes and storage are those it had when it was adopted, owner, rights and comments those of the stored view.';

REVOKE ALL ON FUNCTION deploy_internal.matview_of FROM PUBLIC;

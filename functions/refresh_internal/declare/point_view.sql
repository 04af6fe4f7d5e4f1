-- refresh_internal.point_view()
-- Makes the public view read a storage relation, the live view, or nothing yet.
-- requires: refresh_internal.refuse(), refresh_internal.users_of(), refresh_internal.drop_as_of(), refresh_internal.column_type_of()
-- source:   docs/refresh.md, "Where the rows are"

-- CREATE OR REPLACE VIEW keeps grants, comments and dependents. Only when a column went or changed its type must the view be
-- dropped, which PostgreSQL allows when nothing depends on it; grants and comments are then put back.
CREATE OR REPLACE FUNCTION refresh_internal.point_view(p_view refresh.stored_views, p_target text)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_public regclass := to_regclass(p_view.view_name);
    v_order text[] := ARRAY[]::text[];
    v_conflict text;
    v_users text;
    v_restore text[] := ARRAY[]::text[];
    v_statement text;
    v_select text;
    v_options text;
BEGIN
    IF v_public IS NOT NULL THEN
        SELECT
            array_agg(att.attname::text ORDER BY att.attnum),
            string_agg(att.attname, ', ' ORDER BY att.attnum) FILTER (
                WHERE p_view.column_types[array_position(p_view.column_names, att.attname::text)]
                IS DISTINCT FROM format_type(att.atttypid, att.atttypmod))
        INTO v_order, v_conflict
        FROM pg_attribute AS att
        WHERE att.attrelid = v_public AND att.attnum > 0;
        SELECT 'WITH (' || array_to_string(rel.reloptions, ', ') || ')' INTO v_options FROM pg_class AS rel WHERE rel.oid = v_public;
    END IF;
    IF v_conflict IS NOT NULL THEN
        v_users := refresh_internal.users_of(p_view.view_name);
        IF v_users IS NOT NULL THEN
            PERFORM refresh_internal.refuse('invalid_table_definition', format('%s must lose or change columns that other views may use', p_view.view_name),
                format('Columns removed or of another type: %s. Views that depend on it: %s.', v_conflict, v_users),
                'Drop those views, apply this file again, then create them anew; tidemark apply does this by itself.');
        END IF;
        SELECT array_agg(part.statement) INTO v_restore
        FROM (
            SELECT format('GRANT %s ON %s TO %s%s', acl.privilege_type, p_view.view_name,
                CASE WHEN acl.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(acl.grantee)) END,
                CASE WHEN acl.is_grantable THEN ' WITH GRANT OPTION' END) AS statement
            FROM pg_class AS rel CROSS JOIN LATERAL aclexplode(rel.relacl) AS acl
            WHERE rel.oid = v_public AND acl.grantee <> rel.relowner
            UNION ALL
            SELECT format('GRANT %s (%I) ON %s TO %s%s', acl.privilege_type, att.attname, p_view.view_name,
                CASE WHEN acl.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(acl.grantee)) END,
                CASE WHEN acl.is_grantable THEN ' WITH GRANT OPTION' END)
            FROM pg_attribute AS att CROSS JOIN LATERAL aclexplode(att.attacl) AS acl
            WHERE att.attrelid = v_public AND att.attnum > 0 AND att.attname = ANY (p_view.column_names)
            UNION ALL
            SELECT CASE
                WHEN des.objsubid = 0 THEN format('COMMENT ON VIEW %s IS %L', p_view.view_name, des.description)
                ELSE format('COMMENT ON COLUMN %s.%I IS %L', p_view.view_name, att.attname, des.description) END
            FROM pg_description AS des
            LEFT JOIN pg_attribute AS att ON att.attrelid = v_public AND att.attnum = des.objsubid AND des.objsubid > 0
            WHERE des.classoid = 'pg_class'::regclass AND des.objoid = v_public
                AND (des.objsubid = 0 OR att.attname = ANY (p_view.column_names))
        ) AS part;
        v_order := ARRAY[]::text[];
        -- refresh.store() makes the second name again
        PERFORM refresh_internal.drop_as_of(p_view);
        EXECUTE format('DROP VIEW %s', p_view.view_name);
    END IF;
    -- the view keeps its own column order, new columns come last; a column an older storage does not have yet reads NULL
    SELECT string_agg(
        CASE WHEN p_target IS NOT NULL AND att.attnum IS NOT NULL THEN format('source.%I', col.name)
        ELSE format('NULL::%s AS %I', refresh_internal.column_type_of(to_regclass(p_view.live_name), col.name), col.name) END,
        ', ' ORDER BY array_position(v_order, col.name), col.position)
    INTO v_select
    FROM unnest(p_view.column_names, p_view.column_types) WITH ORDINALITY AS col (name, type, position)
    LEFT JOIN pg_attribute AS att
        ON att.attrelid = to_regclass(p_target) AND att.attname = col.name AND NOT att.attisdropped
        AND format_type(att.atttypid, att.atttypmod) = col.type;
    EXECUTE format('CREATE OR REPLACE VIEW %s %s AS SELECT %s %s', p_view.view_name, v_options, v_select,
        CASE WHEN p_target IS NULL THEN 'WHERE FALSE' ELSE format('FROM %s AS source', p_target) END);
    FOREACH v_statement IN ARRAY coalesce(v_restore, '{}') LOOP
        EXECUTE v_statement;
    END LOOP;
    -- a view reads with the rights of its owner, who may be another than the engine (an adopted view keeps its own)
    SELECT format('GRANT SELECT ON %s TO %I', p_target, pg_get_userbyid(rel.relowner)) INTO v_statement
    FROM pg_class AS rel
    WHERE rel.oid = to_regclass(p_view.view_name) AND NOT has_table_privilege(rel.relowner, to_regclass(p_target), 'SELECT');
    IF v_statement IS NOT NULL THEN
        EXECUTE v_statement;
    END IF;
    -- what the live view says about its columns holds for the stored ones too
    FOR v_statement IN
        SELECT format('COMMENT ON COLUMN %s.%I IS %L', p_view.view_name, att.attname, col_description(live.attrelid, live.attnum))
        FROM pg_attribute AS att
        INNER JOIN pg_attribute AS live ON live.attrelid = to_regclass(p_view.live_name) AND live.attname = att.attname
        WHERE att.attrelid = to_regclass(p_view.view_name) AND att.attnum > 0
            AND col_description(att.attrelid, att.attnum) IS NULL
            AND col_description(live.attrelid, live.attnum) IS NOT NULL
    LOOP
        EXECUTE v_statement;
    END LOOP;
END;
$$;

COMMENT ON FUNCTION refresh_internal.point_view IS
'Re-points the public view; p_target NULL makes it empty. Raises 42P16 when columns must go while other views depend on it.';

REVOKE ALL ON FUNCTION refresh_internal.point_view FROM PUBLIC;

-- access.grant_scope()
-- Lets a login see the rows of one or more values of a family's scope.
-- requires: access.scope_values(), deploy_internal.caller_role()
-- source:   docs/access.md, "Granting"

CREATE OR REPLACE FUNCTION access.grant_scope(
    p_login text, p_family text, p_scope_kind text, p_values text[] DEFAULT '{*}', p_must_exist boolean DEFAULT TRUE
)
RETURNS integer LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_oid oid := (SELECT rol.oid FROM pg_roles AS rol WHERE rol.rolname = p_login);
    v_unknown text[];
    v_found text[];
    v_count integer;
BEGIN
    IF v_oid IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'undefined_object',
            MESSAGE = format('there is no role "%s"', p_login),
            DETAIL = 'A grant belongs to a login or a group role of this server.',
            HINT = format('CREATE ROLE %I LOGIN; GRANT tidemark_bi TO %I;', p_login, p_login);
    END IF;
    IF to_regnamespace(quote_ident(p_family)) IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_schema_name',
            MESSAGE = format('there is no family "%s"', p_family),
            DETAIL = 'A family is the schema that its tables are in.',
            HINT = 'tidemark access values lists the families and what can be granted in them.';
    END IF;
    IF p_values IS NULL OR cardinality(p_values) = 0 OR array_position(p_values, NULL) IS NOT NULL
        OR (p_scope_kind = 'all' AND p_values <> '{*}') THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('these are no values of the kind "%s": %s', p_scope_kind, coalesce(p_values::text, 'NULL')),
            DETAIL = 'Every kind takes at least one value and no NULL; the kind all takes none but *.',
            HINT = 'tidemark access values lists what can be granted.';
    END IF;
    IF p_scope_kind = 'all' THEN
        v_found := '{*}';
    ELSE
        -- a value, or else a label that one value alone has
        SELECT
            array_agg(coalesce(known.scope_value, given.text)),
            array_agg(given.text) FILTER (WHERE known.scope_value IS NULL)
        INTO v_found, v_unknown
        FROM unnest(p_values) AS given (text)
        LEFT JOIN LATERAL (
            SELECT min(sco.scope_value) AS scope_value
            FROM access.scope_values(p_family) AS sco
            WHERE sco.scope_kind = p_scope_kind AND sco.scope_value IS NOT NULL AND given.text IN (sco.scope_value, sco.scope_label)
            GROUP BY sco.scope_value = given.text
            HAVING count(DISTINCT sco.scope_value) = 1
            ORDER BY sco.scope_value = given.text DESC
            LIMIT 1
        ) AS known ON TRUE;
        IF NOT EXISTS (SELECT FROM access.scope_values(p_family) AS sco WHERE sco.scope_kind = p_scope_kind)
            OR (p_must_exist AND v_unknown IS NOT NULL) THEN
            RAISE EXCEPTION USING
                ERRCODE = 'no_data_found',
                MESSAGE = format('%s has no %s %s', p_family, p_scope_kind, array_to_string(coalesce(v_unknown, p_values), ', ')),
                DETAIL = format('Kinds of %s: %s.', p_family, coalesce(
                    (SELECT string_agg(DISTINCT sco.scope_kind, ', ') FROM access.scope_values(p_family) AS sco) || ', all', 'all')),
                HINT = 'tidemark access values lists what can be granted; p_must_exist => FALSE grants a value of a known kind before it exists.';
        END IF;
    END IF;
    INSERT INTO access.grants (login, login_oid, family, scope_kind, scope_value, granted_by)
    SELECT DISTINCT p_login, v_oid, p_family, p_scope_kind, val.text, deploy_internal.caller_role()
    FROM unnest(v_found) AS val (text)
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END;
$$;

COMMENT ON FUNCTION access.grant_scope IS
'Gives the number of grants that are new. p_values: values, or labels that are unique; p_scope_kind all, without values: every row of the family. Takes effect with the next statement after the commit. Raises 42704 for an unknown role, 3F000 for an unknown family, P0002 for an unknown kind or value.';

REVOKE ALL ON FUNCTION access.grant_scope FROM PUBLIC;

-- refresh_internal.has_equality()
-- Tells whether values of a type can be compared, so that duplicates can be removed.
-- requires: nothing
-- source:   docs/refresh.md, "Capture"

-- Asking the planner covers arrays, domains, enums and ranges alike; json, xml and point are the usual exceptions.
CREATE OR REPLACE FUNCTION refresh_internal.has_equality(p_type text)
RETURNS boolean LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_plain text := regexp_replace(p_type, ' COLLATE .*$', '');
BEGIN
    -- most types are plain words and have an order of their own, which is a look instead of a query that may fail
    IF v_plain ~ '^[a-z][a-z0-9_ .(),]*$' COLLATE "C" THEN
        IF EXISTS (
            SELECT FROM pg_opclass AS opc
            INNER JOIN pg_am AS amt ON opc.opcmethod = amt.oid AND amt.amname IN ('btree', 'hash')
            WHERE opc.opcdefault AND opc.opcintype = CASE to_regtype(v_plain)
                WHEN 'character varying'::regtype THEN 'text'::regtype ELSE to_regtype(v_plain) END::oid
        ) THEN
            RETURN TRUE;
        END IF;
    END IF;
    EXECUTE format('SELECT DISTINCT NULL::%s', p_type);
    RETURN TRUE;
EXCEPTION
    WHEN undefined_function THEN
        RETURN FALSE;
END;
$$;

COMMENT ON FUNCTION refresh_internal.has_equality IS
'True when DISTINCT works on the type, written as format_type() writes it.';

REVOKE ALL ON FUNCTION refresh_internal.has_equality FROM PUBLIC;

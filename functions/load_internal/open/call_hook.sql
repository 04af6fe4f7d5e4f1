-- load_internal.call_hook()
-- Calls a function that a domain registered.
-- requires: nothing
-- source:   docs/loading.md, "The functions of a domain"

CREATE OR REPLACE FUNCTION load_internal.call_hook(p_function text, p_upload_id bigint)
RETURNS jsonb LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_function regprocedure := to_regprocedure(p_function || '(bigint)');
    v_result text;
BEGIN
    IF p_function IS NULL THEN
        RETURN NULL;
    END IF;
    IF v_function IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'undefined_function',
            MESSAGE = format('the registered function %s does not exist', p_function),
            HINT = 'Correct its name in the registration of the dataset, or run tidemark apply.';
    END IF;
    EXECUTE format('SELECT %s($1)::text', v_function::oid::regproc) INTO v_result USING p_upload_id;
    RETURN nullif(v_result, '')::jsonb;
END;
$$;

COMMENT ON FUNCTION load_internal.call_hook IS
'The result of function(upload_id) as jsonb; NULL for a function that returns void, or none.';

REVOKE ALL ON FUNCTION load_internal.call_hook FROM PUBLIC;

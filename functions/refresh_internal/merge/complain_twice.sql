-- refresh_internal.complain_twice()
-- Reports that a live view breaks the promise of its key.
-- requires: nothing
-- source:   docs/refresh.md, "Keys"

CREATE OR REPLACE FUNCTION refresh_internal.complain_twice(p_view_name text, p_key jsonb)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'cardinality_violation',
        MESSAGE = format('the live view of %s returns several rows for one key', p_view_name),
        DETAIL = format('One such key is %s.', p_key),
        HINT = 'Correct the live view, or declare a key in refresh.store() that its rows really have.';
END;
$$;

COMMENT ON FUNCTION refresh_internal.complain_twice IS
'Always raises 21000, with one of the keys.';

REVOKE ALL ON FUNCTION refresh_internal.complain_twice FROM PUBLIC;

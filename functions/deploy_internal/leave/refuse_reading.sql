-- deploy_internal.refuse_reading()
-- Stands in a view or function that has stepped aside, so that nobody takes its silence for an answer.
-- requires: nothing
-- source:   docs/beside.md, "What steps aside"

CREATE OR REPLACE FUNCTION deploy_internal.refuse_reading(p_what text)
RETURNS boolean LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'object_not_in_prerequisite_state',
        MESSAGE = format('%s has stepped aside', p_what),
        DETAIL = 'This transaction called deploy.step_aside() for something it is made of.',
        HINT = 'Call deploy.come_back() first.';
END;
$$;

COMMENT ON FUNCTION deploy_internal.refuse_reading IS
'Always raises 55000. Open to all, because a view calls functions with the rights of its reader.';

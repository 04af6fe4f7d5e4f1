-- planning.delete_actual()
-- Takes an actual away that was booked by mistake.
-- requires: planning.require_right(), planning.require_version(), audit.record()
-- source:   docs/planning_writes.md, "Correcting actuals"

CREATE OR REPLACE FUNCTION planning.delete_actual(p_user_id uuid, p_actual_id uuid, p_version integer DEFAULT NULL)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp, records_itself
AS $$
DECLARE
    v_before planning.actuals;
BEGIN
    SELECT act.* INTO v_before FROM planning.actuals AS act WHERE act.id = p_actual_id FOR UPDATE;
    PERFORM planning.require_right(p_user_id, 'delete_actual', v_before.project_id);
    PERFORM planning.require_version(v_before.version, p_version);
    DELETE FROM planning.actuals AS act WHERE act.id = p_actual_id AND act.actual_date = v_before.actual_date;
    PERFORM audit.record('planning', 'Actual', p_actual_id::text, 'DELETE', p_user_id::text, to_jsonb(v_before));
END;
$$;

COMMENT ON FUNCTION planning.delete_actual IS
'Raises 42501 for who may not and for an unknown id, 40001 when p_version is not the version of the row. The record count of the batch stays what the file had.';

REVOKE ALL ON FUNCTION planning.delete_actual FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning.delete_actual TO tidemark_app;

-- load_internal.admit()
-- Lets the caller of a load COPY into its staging table.
-- requires: load_internal.tg_stage_before_insert_guard(), load_internal.stage_name()
-- source:   docs/loading.md, "Who may do what"

CREATE OR REPLACE FUNCTION load_internal.admit(p_upload_id bigint)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    -- COPY is sent as the role that the login works as, which SECURITY DEFINER does not change
    v_role text := coalesce(nullif(current_setting('role'), 'none'), session_user);
BEGIN
    EXECUTE format('GRANT INSERT ON %s TO %I', load_internal.stage_name(p_upload_id), v_role);
    IF v_role <> session_user THEN
        EXECUTE format(
            'CREATE TRIGGER stage_before_insert_guard BEFORE INSERT ON %s '
            'FOR EACH STATEMENT EXECUTE FUNCTION load_internal.tg_stage_before_insert_guard(%L)',
            load_internal.stage_name(p_upload_id), session_user
        );
    END IF;
END;
$$;

COMMENT ON FUNCTION load_internal.admit IS
'Grants INSERT to the role in force (SET ROLE, else the login). A role other than the login is shared, so a trigger looks at who writes.';

REVOKE ALL ON FUNCTION load_internal.admit FROM PUBLIC;

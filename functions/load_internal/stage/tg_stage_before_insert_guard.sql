-- load_internal.tg_stage_before_insert_guard()
-- Keeps others of the same role from writing into a staging table that was granted to the role.
-- requires: load_internal.is_mine()
-- source:   docs/loading.md, "Who may do what"

CREATE OR REPLACE FUNCTION load_internal.tg_stage_before_insert_guard()
RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT load_internal.is_mine(TG_ARGV[0]) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'insufficient_privilege',
            MESSAGE = format('%s.%s takes the records of another login', TG_TABLE_SCHEMA, TG_TABLE_NAME),
            DETAIL = format('You are %s.', session_user),
            HINT = 'Load the file yourself.';
    END IF;
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION load_internal.tg_stage_before_insert_guard IS
'Once a statement; its argument is the login that owns the upload.';

REVOKE ALL ON FUNCTION load_internal.tg_stage_before_insert_guard FROM PUBLIC;

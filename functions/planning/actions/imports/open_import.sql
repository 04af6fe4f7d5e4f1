-- planning.open_import()
-- Says before a file is read whether it may be imported at all.
-- requires: load.trimmed(), planning.day_of_text(), planning.uuid_of_text(), planning.has_any_permission()
-- source:   docs/planning_writes.md, "Importing actuals"

CREATE OR REPLACE FUNCTION planning.open_import(p_upload_id bigint)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_upload load.uploads;
    v_user text;
    v_through text;
BEGIN
    SELECT upl.* INTO v_upload FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id;
    v_user := nullif(load.trimmed(v_upload.parameters ->> 'user'), '');
    v_through := nullif(load.trimmed(v_upload.parameters ->> 'through'), '');
    IF v_through IS NOT NULL AND planning.day_of_text(v_through) IS NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_datetime_format',
            MESSAGE = format('%s is no day', quote_literal(v_through)),
            DETAIL = 'It was given as the day through which the actuals are complete.',
            HINT = 'Write it as year, month and day: --set through=2026-03-31.';
    END IF;
    IF v_user IS NOT NULL AND NOT planning.has_any_permission(
        planning.uuid_of_text(v_user),
        ARRAY[CASE v_upload.dataset_name WHEN 'planning.assignments' THEN 'create_assignment' ELSE 'import_actuals' END]
    ) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'insufficient_privilege',
            MESSAGE = format('user %s may not import this', v_user),
            DETAIL = 'No active role of an active user grants import_actuals, or create_assignment for assignments.',
            HINT = 'planning.access_of() shows the roles of a user.';
    END IF;
END;
$$;

COMMENT ON FUNCTION planning.open_import IS
'Hook of the loader. Raises 42501 for a user who may not import, 22007 for a through-date that is none. Without a user nobody is asked: the login answers for the file.';

REVOKE ALL ON FUNCTION planning.open_import FROM PUBLIC;

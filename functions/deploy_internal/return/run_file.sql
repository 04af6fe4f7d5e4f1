-- deploy_internal.run_file()
-- Runs an applied file again, with the session settings that tidemark apply gives it.
-- requires: nothing
-- source:   docs/beside.md, "How they come back"

CREATE OR REPLACE FUNCTION deploy_internal.run_file(p_path text)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp SET TimeZone = 'UTC' SET DateStyle = 'ISO, YMD' SET IntervalStyle = 'postgres'
SET standard_conforming_strings = on SET check_function_bodies = on SET array_nulls = on SET transform_null_equals = off
SET xmloption = content SET quote_all_identifiers = off
AS $$
DECLARE
    v_part record;
    v_message text;
    v_detail text;
    v_hint text;
    v_state text;
BEGIN
    IF NOT EXISTS (SELECT FROM deploy.file_statement AS sta WHERE sta.path = p_path) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'object_not_in_prerequisite_state',
            MESSAGE = format('the text of %s is not in the database', p_path),
            DETAIL = 'It was applied by an older release, which kept fingerprints only.',
            HINT = 'Run tidemark apply once with this release; then the migration can run.';
    END IF;
    PERFORM set_config('search_path', 'public, pg_temp', TRUE);
    FOR v_part IN SELECT sta.line, sta.statement FROM deploy.file_statement AS sta WHERE sta.path = p_path ORDER BY sta.statement_no LOOP
        BEGIN
            EXECUTE v_part.statement;
        EXCEPTION
            WHEN lock_not_available OR query_canceled OR deadlock_detected THEN
                RAISE;
            WHEN OTHERS THEN
                GET STACKED DIAGNOSTICS v_message = MESSAGE_TEXT, v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT,
                    v_state = RETURNED_SQLSTATE;
                RAISE EXCEPTION USING
                    ERRCODE = v_state,
                    MESSAGE = format('%s, line %s: %s', p_path, v_part.line, v_message),
                    DETAIL = concat_ws(' ', nullif(v_detail, ''), 'The file as it was applied last no longer fits what this transaction changed.'),
                    HINT = coalesce(nullif(v_hint, ''), 'Apply a version of the file that fits both before and after the migration, then run the migration.');
        END;
    END LOOP;
    PERFORM set_config('search_path', 'pg_catalog, pg_temp', TRUE);
END;
$$;

COMMENT ON FUNCTION deploy_internal.run_file IS
'Statement by statement. An error keeps its SQLSTATE and names the file and the line on which its statement begins.';

REVOKE ALL ON FUNCTION deploy_internal.run_file FROM PUBLIC;

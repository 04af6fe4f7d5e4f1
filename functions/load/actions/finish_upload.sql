-- load.finish_upload()
-- Checks and merges a staged file: all of it or nothing, in one transaction.
-- requires: load_internal.detect_dataset(), load_internal.missing_columns(), load_internal.take_scope(), load_internal.lock_parameters_of()
-- requires: load_internal.check_rows(), load_internal.merge_rows(), load.fail(), load_internal.end_upload(), load.note_phase(), load_internal.stage_name()
-- requires: load_internal.require_mine(), load_internal.settle_decimal()
-- source:   docs/loading.md, "The life of an upload"

CREATE OR REPLACE FUNCTION load.finish_upload(p_upload_id bigint, p_again boolean DEFAULT FALSE)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- what a text in the code means must not depend on the caller's session, nor in the hooks below
SET standard_conforming_strings = on
SET transform_null_equals = off
SET array_nulls = on
SET quote_all_identifiers = off
SET exit_on_error = off
SET timezone = 'UTC'
SET datestyle = 'ISO, YMD'
SET default_statistics_target = 10
SET jit = off
AS $$
DECLARE
    v_started_at timestamptz := clock_timestamp();
    v_checked_at timestamptz;
    v_upload load.uploads;
    v_dataset load.datasets;
    v_missing text;
    v_staged bigint := 0;
    v_repeated bigint;
BEGIN
    PERFORM load_internal.require_mine(p_upload_id);
    SELECT upl.* INTO v_upload FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id FOR UPDATE;
    IF v_upload.load_status IS DISTINCT FROM 'staged' THEN
        RETURN v_upload.load_status;
    END IF;
    IF v_upload.header IS NOT NULL THEN
        IF to_regclass(load_internal.stage_name(p_upload_id)) IS NOT NULL THEN
            EXECUTE format('SELECT count(*) FROM %s', load_internal.stage_name(p_upload_id)) INTO v_staged;
        END IF;
        IF v_staged <> v_upload.staged_rows THEN
            -- a crash of the server emptied the unlogged table
            UPDATE load.uploads AS upl
            SET load_status = 'staging', staged_bytes = 0, staged_rows = 0, staged_digest = NULL, content_digest = NULL
            WHERE upl.upload_id = p_upload_id;
            RETURN 'staging';
        END IF;
    END IF;

    v_upload.dataset_name := coalesce(v_upload.dataset_name, load_internal.detect_dataset(v_upload.family_name, v_upload.header));
    UPDATE load.uploads AS upl SET dataset_name = v_upload.dataset_name WHERE upl.upload_id = p_upload_id;
    SELECT dat.* INTO v_dataset FROM load.datasets AS dat WHERE dat.dataset_name = v_upload.dataset_name;
    v_missing := load_internal.missing_columns(v_upload.dataset_name, v_upload.header);
    IF v_upload.header IS NULL OR (v_staged = 0 AND coalesce(v_dataset.needs_rows, TRUE)) THEN
        PERFORM load.fail(p_upload_id, 'empty_file', NULL, 'The file has no header, or no record after it.');
    ELSIF v_upload.dataset_name IS NULL THEN
        PERFORM load.fail(p_upload_id, 'undetected_kind', NULL,
            format('The header fits no kind of file of %s.', v_upload.family_name));
    ELSIF v_missing IS NOT NULL THEN
        PERFORM load.fail(p_upload_id, 'missing_columns', v_missing, format('Required columns are missing: %s.', v_missing));
    ELSIF NOT load_internal.take_scope(p_upload_id) THEN
        PERFORM load.fail(p_upload_id, 'missing_' || v_dataset.scope_parameter, NULL,
            format('Neither the upload nor the file says its %s.', v_dataset.scope_parameter));
    ELSIF NOT load_internal.settle_decimal(p_upload_id) THEN
        NULL;  -- it said why
    ELSE
        PERFORM load_internal.lock_parameters_of(p_upload_id);
        SELECT max(oth.upload_id) INTO v_repeated
        FROM load.uploads AS oth
        WHERE oth.content_digest = v_upload.content_digest
            AND oth.load_status = 'loaded'
            AND oth.dataset_name = v_upload.dataset_name
            AND oth.given_parameters = v_upload.given_parameters;
        IF v_repeated IS NOT NULL AND NOT p_again AND NOT v_upload.is_dry_run THEN
            UPDATE load.uploads AS upl SET load_status = 'repeated', repeats_upload_id = v_repeated
            WHERE upl.upload_id = p_upload_id;
        ELSE
            PERFORM load_internal.check_rows(p_upload_id);
            v_checked_at := clock_timestamp();
            PERFORM load.note_phase(p_upload_id, 'validate', 1000 * extract(EPOCH FROM v_checked_at - v_started_at), v_staged);
            IF (SELECT upl.load_status FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id) = 'staged' THEN
                -- a check may have been what told the last of these
                PERFORM load_internal.lock_parameters_of(p_upload_id);
                PERFORM load_internal.merge_rows(p_upload_id, v_dataset.merge_function, v_upload.is_dry_run);
                PERFORM load.note_phase(p_upload_id, 'merge', 1000 * extract(EPOCH FROM clock_timestamp() - v_checked_at), v_staged);
            END IF;
        END IF;
    END IF;
    PERFORM load_internal.end_upload(p_upload_id);
    RETURN (SELECT upl.load_status FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id);
END;
$$;

COMMENT ON FUNCTION load.finish_upload IS
'Returns the status of the upload: loaded, checked, failed, repeated; staging when its records are gone and it must be staged anew. Called again it changes nothing.';

REVOKE ALL ON FUNCTION load.finish_upload FROM PUBLIC;
GRANT EXECUTE ON FUNCTION load.finish_upload TO tidemark_loader, tidemark_operator;

-- load.open_upload()
-- Registers a file that is about to be loaded.
-- requires: load_internal.check_reading(), load_internal.find_dataset(), load_internal.call_hook(), load.fail(), load_internal.end_upload()
-- source:   docs/loading.md, "The life of an upload"

CREATE OR REPLACE FUNCTION load.open_upload(
    p_dataset text, p_file_name text, p_parameters jsonb DEFAULT '{}', p_is_dry_run boolean DEFAULT FALSE
)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- what a text in the code means must not depend on the caller's session, nor in the hooks below
SET standard_conforming_strings = on
SET transform_null_equals = off
SET array_nulls = on
SET quote_all_identifiers = off
SET exit_on_error = off
SET timezone = 'UTC'
SET datestyle = 'ISO, YMD'
AS $$
DECLARE
    v_found record := load_internal.find_dataset(p_dataset, p_parameters ->> 'kind');
    v_unknown text;
    v_upload_id bigint;
    v_open_function text;
BEGIN
    SELECT string_agg(giv.name, ', ' ORDER BY giv.name) INTO v_unknown
    FROM jsonb_object_keys(p_parameters) AS giv (name)
    WHERE giv.name NOT IN ('kind', 'encoding', 'delimiter', 'decimal') AND NOT EXISTS (
        SELECT FROM load.parameters AS par
        WHERE par.family_name = v_found.family_name AND par.parameter_name = giv.name
    );
    IF v_unknown IS NOT NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('%s does not know the parameter %s', v_found.family_name, v_unknown),
            DETAIL = (
                SELECT format('Known: %s.', coalesce(string_agg(par.parameter_name, ', ' ORDER BY par.parameter_name), 'none'))
                FROM load.parameters AS par WHERE par.family_name = v_found.family_name
            ),
            HINT = 'See tidemark load datasets.';
    END IF;

    PERFORM load_internal.check_reading(p_parameters);
    INSERT INTO load.uploads (family_name, dataset_name, file_name, given_parameters, parameters, is_dry_run)
    VALUES (v_found.family_name, v_found.dataset_name, p_file_name, p_parameters, p_parameters, p_is_dry_run)
    RETURNING upload_id INTO v_upload_id;
    IF v_found.is_unknown_kind THEN
        PERFORM load.fail(v_upload_id, 'unknown_kind', btrim(p_parameters ->> 'kind'),
            format('%s has no files of kind "%s".', v_found.family_name, btrim(p_parameters ->> 'kind')));
    END IF;
    SELECT fam.open_function INTO v_open_function FROM load.families AS fam WHERE fam.family_name = v_found.family_name;
    PERFORM load_internal.call_hook(v_open_function, v_upload_id);
    IF (SELECT upl.load_status FROM load.uploads AS upl WHERE upl.upload_id = v_upload_id) = 'failed' THEN
        PERFORM load_internal.end_upload(v_upload_id);
    END IF;
    RETURN v_upload_id;
END;
$$;

COMMENT ON FUNCTION load.open_upload IS
'Returns the upload_id. p_dataset: a dataset, or a family whose kind is a parameter or told by the header. Raises 42704 for an unknown name, 22023 for an unknown parameter, and what the domain raises.';

REVOKE ALL ON FUNCTION load.open_upload FROM PUBLIC;
GRANT EXECUTE ON FUNCTION load.open_upload TO tidemark_loader, tidemark_operator;

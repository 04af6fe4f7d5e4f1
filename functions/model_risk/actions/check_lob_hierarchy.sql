-- model_risk.check_lob_hierarchy()
-- Tells the format of a hierarchy file and plans what it means.
-- requires: model_risk.collect_lob_nodes(), model_risk.plan_lob_legacy(), model_risk.plan_lob_enterprise(), load.trimmed(), load.fail(), load.set_parameter()
-- source:   docs/model_risk.md, "Importing the hierarchy"

CREATE OR REPLACE FUNCTION model_risk.check_lob_hierarchy(p_upload_id bigint)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_upload load.uploads;
    v_columns jsonb;
    v_places integer[];
    v_detected text[];
    v_error_count bigint;
BEGIN
    SELECT upl.* INTO v_upload FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id;
    -- of headers that differ only in case the last one counts
    SELECT jsonb_object_agg(upper(hea.name COLLATE "C"), hea.place ORDER BY hea.place) INTO v_columns
    FROM unnest(v_upload.header) WITH ORDINALITY AS hea (name, place)
    WHERE hea.name <> '';
    IF NOT v_upload.is_dry_run THEN
        -- nobody changes the hierarchy between the plan and its execution; readers go on
        LOCK TABLE model_risk.lob_units IN SHARE ROW EXCLUSIVE MODE;
    END IF;
    PERFORM model_risk.collect_lob_nodes();

    IF v_columns ?| ARRAY['LOB1CODE', 'ORGUNIT', 'SBUCODE'] THEN
        SELECT array_agg(hea.name ORDER BY hea.place) INTO v_detected
        FROM unnest(v_upload.header) WITH ORDINALITY AS hea (name, place)
        WHERE upper(hea.name COLLATE "C") IN ('SBU', 'SBUCODE', 'ORGUNIT', 'LOB1CODE', 'LOB2CODE', 'LOB3CODE', 'LOB4CODE', 'LOB5CODE');
        PERFORM model_risk.plan_lob_enterprise(p_upload_id, v_columns, v_upload.is_dry_run);
    ELSE
        SELECT array_agg(leg.place ORDER BY leg.rank, leg.place), array_agg(leg.name ORDER BY leg.rank, leg.place)
        INTO v_places, v_detected
        FROM (
            SELECT
                hea.place::integer AS place,
                load.trimmed(hea.name) AS name,
                CASE WHEN upper(load.trimmed(hea.name) COLLATE "C") = 'SBU' THEN -1 ELSE substr(load.trimmed(hea.name), 4)::numeric END AS rank
            FROM unnest(v_upload.header) WITH ORDINALITY AS hea (name, place)
            WHERE upper(load.trimmed(hea.name) COLLATE "C") ~ '^(SBU|LOB[0-9]{1,9})$'
        ) AS leg;
        IF v_places IS NULL THEN
            PERFORM load.fail(p_upload_id, 'NO_HIERARCHY_COLUMNS', NULL, 'No hierarchy columns found. Expected: SBU, LOB1, LOB2, etc.');
            RETURN;
        END IF;
        PERFORM model_risk.plan_lob_legacy(p_upload_id, v_places);
    END IF;
    PERFORM load.set_parameter(p_upload_id, 'detected_columns', array_to_string(v_detected, '|'));
    PERFORM load.set_parameter(p_upload_id, 'max_depth', cardinality(v_detected)::text);

    INSERT INTO load.outcomes (upload_id, seq, outcome, details)
    SELECT p_upload_id, ent.seq, ent.outcome, ent.details FROM pg_temp.lob_entries AS ent;
    SELECT count(*) INTO v_error_count FROM load.issues AS iss WHERE iss.upload_id = p_upload_id AND iss.severity = 'reject';
    IF v_error_count > 0 AND NOT v_upload.is_dry_run THEN
        PERFORM load.fail(p_upload_id, 'IMPORT_ERRORS', v_error_count::text,
            format('The hierarchy was not changed: %s rows have errors.', v_error_count));
    END IF;
END;
$$;

COMMENT ON FUNCTION model_risk.check_lob_hierarchy IS
'Hook of the loader. load.outcomes has the entries create, update and skip; any error fails the import but not its preview.';

REVOKE ALL ON FUNCTION model_risk.check_lob_hierarchy FROM PUBLIC;

-- model_risk.check_monitoring_results()
-- Decides for each record of a results file what would be done with it.
-- requires: model_risk.monitoring_scope_of(), model_risk.number_or_null()
-- requires: model_risk.note_repeated_results(), load.trimmed()
-- source:   docs/model_risk.md, "Importing monitoring results"

CREATE OR REPLACE FUNCTION model_risk.check_monitoring_results(p_upload_id bigint)
RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_cycle_id integer := (SELECT (upl.parameters ->> 'cycle')::integer FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id);
    v_has_comma boolean := coalesce((SELECT upl.reading ->> 'decimal' = ',' FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id), FALSE);
BEGIN
    DROP TABLE IF EXISTS import_results;
    CREATE TEMPORARY TABLE import_results ON COMMIT DROP AS
    WITH cell AS MATERIALIZED (
        SELECT
            chk.row_no,
            CASE WHEN length(chk.model_id) <= 1000 AND chk.model_id ~ '^[+-]?[0-9]+$' THEN chk.model_id::numeric END AS model_id,
            CASE WHEN length(chk.metric_id) <= 1000 AND chk.metric_id ~ '^[+-]?[0-9]+$' THEN chk.metric_id::numeric END AS metric_id,
            chk.value AS value_text,
            model_risk.number_or_null(CASE WHEN v_has_comma THEN translate(chk.value, ',.', '.,') ELSE chk.value END) AS numeric_value,
            upper(chk.outcome COLLATE "C") AS outcome,
            chk.narrative
        FROM pg_temp.checked_rows AS chk
        WHERE NOT chk.is_rejected
    ),

    judged AS (
        SELECT
            cel.*,
            met.evaluation_type,
            CASE
                WHEN cel.model_id IS NULL THEN 'BAD_MODEL_ID'
                WHEN cel.metric_id IS NULL THEN 'BAD_METRIC_ID'
                WHEN sco.model_id IS NULL THEN 'MODEL_NOT_IN_SCOPE'
                WHEN met.metric_id IS NULL THEN 'METRIC_NOT_IN_PLAN'
                WHEN cel.value_text IS NOT NULL AND cel.numeric_value IS NULL THEN 'BAD_NUMBER'
                WHEN cel.outcome NOT IN ('GREEN', 'YELLOW', 'RED') THEN 'BAD_OUTCOME'
                WHEN met.evaluation_type = 'Quantitative' AND cel.numeric_value IS NULL THEN 'VALUE_REQUIRED'
            END AS category
        FROM cell AS cel
        LEFT JOIN model_risk.monitoring_scope_of(v_cycle_id) AS sco (model_id) ON cel.model_id = sco.model_id
        LEFT JOIN (
            SELECT mtr.metric_id, mtr.evaluation_type
            FROM model_risk.monitoring_cycles AS cyc
            INNER JOIN model_risk.monitoring_plan_metrics AS mtr ON cyc.plan_id = mtr.plan_id
            WHERE cyc.cycle_id = v_cycle_id AND mtr.is_active
        ) AS met ON cel.metric_id = met.metric_id
    )

    SELECT
        jud.*,
        CASE jud.category
            WHEN 'BAD_MODEL_ID' THEN 'Invalid or missing model_id'
            WHEN 'BAD_METRIC_ID' THEN 'Invalid or missing metric_id'
            WHEN 'MODEL_NOT_IN_SCOPE' THEN format('Model %s is not in this monitoring plan', jud.model_id)
            WHEN 'METRIC_NOT_IN_PLAN' THEN format('Metric %s is not in this monitoring plan', jud.metric_id)
            WHEN 'BAD_NUMBER' THEN format('Invalid numeric value: %s', jud.value_text)
            WHEN 'BAD_OUTCOME' THEN format('Invalid outcome: %s. Must be GREEN, YELLOW, or RED', jud.outcome)
            WHEN 'VALUE_REQUIRED' THEN 'Quantitative metrics require a numeric value; outcome cannot be set directly'
        END AS message,
        EXISTS (
            SELECT FROM model_risk.monitoring_results AS res
            WHERE res.cycle_id = v_cycle_id AND res.model_id = jud.model_id AND res.plan_metric_id = jud.metric_id
        ) AS is_known
    FROM judged AS jud;

    -- the cell as the file has it: of several columns of that name the left-most that is not blank
    INSERT INTO load.issues (upload_id, row_no, severity, reason, column_name, raw_value, message)
    SELECT p_upload_id, imp.row_no, 'reject', imp.category, col.name, left(coalesce(raw.cell, ''), 200), imp.message
    FROM pg_temp.import_results AS imp
    INNER JOIN pg_temp.checked_rows AS chk ON imp.row_no = chk.row_no
    CROSS JOIN LATERAL (
        SELECT CASE
            WHEN imp.category IN ('BAD_MODEL_ID', 'MODEL_NOT_IN_SCOPE') THEN 'model_id'
            WHEN imp.category IN ('BAD_METRIC_ID', 'METRIC_NOT_IN_PLAN') THEN 'metric_id'
            WHEN imp.category = 'BAD_OUTCOME' THEN 'outcome'
            ELSE 'value'
        END AS name
    ) AS col
    LEFT JOIN LATERAL (
        SELECT cel.cell
        FROM load.uploads AS upl, unnest(chk.cells, upl.header) WITH ORDINALITY AS cel (cell, header, place)
        WHERE upl.upload_id = p_upload_id AND cel.header = col.name
        ORDER BY load.trimmed(cel.cell) = '', cel.place
        LIMIT 1
    ) AS raw ON TRUE
    WHERE imp.category IS NOT NULL
    ORDER BY imp.row_no;
    PERFORM model_risk.note_repeated_results(p_upload_id);

    INSERT INTO load.outcomes (upload_id, seq, outcome, details)
    SELECT
        p_upload_id,
        imp.row_no,
        CASE WHEN imp.category IS NOT NULL THEN 'skip' WHEN imp.is_known THEN 'update' ELSE 'create' END,
        jsonb_strip_nulls(jsonb_build_object(
            'model_id', coalesce(imp.model_id, 0),
            'metric_id', CASE WHEN imp.category = 'BAD_MODEL_ID' THEN 0 ELSE coalesce(imp.metric_id, 0) END,
            -- the number was read before the outcome was looked at
            'value', CASE WHEN imp.category IS NULL OR imp.category = 'BAD_OUTCOME' THEN imp.numeric_value END,
            'outcome', CASE WHEN imp.category IS NULL AND imp.evaluation_type <> 'Quantitative' THEN imp.outcome END,
            'narrative', CASE WHEN imp.category IS NULL THEN imp.narrative END,
            'error', imp.message
        ))
    FROM pg_temp.import_results AS imp
    -- a preview shows every record, a result those that were skipped
    WHERE imp.category IS NOT NULL OR (SELECT upl.is_dry_run FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id)
    ORDER BY imp.row_no;
END;
$$;

COMMENT ON FUNCTION model_risk.check_monitoring_results IS
'Hook of the loader. The first failing check of a record is its only one. load.outcomes has create, update or skip for each record of a dry run, else the skipped ones; what exists is asked before the file.';

REVOKE ALL ON FUNCTION model_risk.check_monitoring_results FROM PUBLIC;

-- model_risk.merge_monitoring_results()
-- Writes the accepted records of a results file.
-- requires: model_risk.check_monitoring_results(), model_risk.threshold_outcome(), model_risk.catch_up_identity()
-- source:   docs/model_risk.md, "Importing monitoring results"

-- File order matters only among records of one key, and there only in this way: each given field takes the place of
-- the one before, an empty one leaves it. So the last filled field of each key counts, and the file is one statement.
CREATE OR REPLACE FUNCTION model_risk.merge_monitoring_results(p_upload_id bigint)
RETURNS jsonb LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_upload load.uploads;
    v_cycle_id integer;
    v_created bigint;
    v_accepted bigint;
BEGIN
    SELECT upl.* INTO v_upload FROM load.uploads AS upl WHERE upl.upload_id = p_upload_id;
    v_cycle_id := (v_upload.parameters ->> 'cycle')::integer;
    SELECT
        count(*) FILTER (WHERE imp.category IS NULL),
        CASE
            -- a preview looks at each record alone; applied, the second record of a new key updates the first
            WHEN v_upload.is_dry_run THEN count(*) FILTER (WHERE imp.category IS NULL AND NOT imp.is_known)
            ELSE count(DISTINCT (imp.model_id, imp.metric_id)) FILTER (WHERE imp.category IS NULL AND NOT imp.is_known)
        END
    INTO v_accepted, v_created
    FROM pg_temp.import_results AS imp;

    IF NOT v_upload.is_dry_run THEN
        PERFORM model_risk.catch_up_identity('model_risk.monitoring_results', 'result_id');
        INSERT INTO model_risk.monitoring_results AS res
        (cycle_id, plan_metric_id, model_id, numeric_value, calculated_outcome, narrative, entered_by_user_id)
        SELECT
            v_cycle_id,
            las.metric_id::integer,
            las.model_id::integer,
            las.numeric_value,
            las.outcome,
            las.narrative,
            (v_upload.parameters ->> 'user')::integer
        FROM (
            SELECT
                imp.model_id,
                imp.metric_id,
                (array_agg(imp.numeric_value ORDER BY imp.row_no DESC) FILTER (WHERE imp.numeric_value IS NOT NULL))[1] AS numeric_value,
                (array_agg(sto.outcome ORDER BY imp.row_no DESC) FILTER (WHERE sto.outcome IS NOT NULL))[1] AS outcome,
                (array_agg(imp.narrative ORDER BY imp.row_no DESC) FILTER (WHERE imp.narrative IS NOT NULL))[1] AS narrative
            FROM pg_temp.import_results AS imp
            INNER JOIN model_risk.monitoring_plan_metrics AS met ON imp.metric_id = met.metric_id
            CROSS JOIN LATERAL (
                SELECT CASE
                    WHEN met.evaluation_type = 'Quantitative' THEN model_risk.threshold_outcome(
                        imp.numeric_value, met.yellow_min, met.yellow_max, met.red_min, met.red_max
                    )
                    -- with a value beside it, a given outcome is not stored
                    WHEN imp.numeric_value IS NULL THEN imp.outcome
                END AS outcome
            ) AS sto
            WHERE imp.category IS NULL
            GROUP BY imp.model_id, imp.metric_id
        ) AS las
        ORDER BY las.metric_id, las.model_id
        ON CONFLICT (cycle_id, plan_metric_id, model_id) DO UPDATE
        SET
            numeric_value = coalesce(excluded.numeric_value, res.numeric_value),
            calculated_outcome = coalesce(excluded.calculated_outcome, res.calculated_outcome),
            narrative = coalesce(excluded.narrative, res.narrative)
        WHERE coalesce(excluded.numeric_value, res.numeric_value) IS DISTINCT FROM res.numeric_value
            OR coalesce(excluded.calculated_outcome, res.calculated_outcome) IS DISTINCT FROM res.calculated_outcome
            OR coalesce(excluded.narrative, res.narrative) IS DISTINCT FROM res.narrative;
    END IF;
    RETURN jsonb_build_object('created', v_created, 'updated', v_accepted - v_created);
END;
$$;

COMMENT ON FUNCTION model_risk.merge_monitoring_results IS
'Hook of the loader. New keys are inserted; for others only given fields overwrite. Who entered a result stays who entered it first.';

REVOKE ALL ON FUNCTION model_risk.merge_monitoring_results FROM PUBLIC;

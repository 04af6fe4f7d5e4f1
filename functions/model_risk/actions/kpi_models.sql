-- model_risk.kpi_models()
-- The models counted in the numerator of one ratio of the KPI report.
-- requires: model_risk.kpi_numerator, model_risk.lob_ancestry_by_lob, model_risk.require_region(),
-- requires: refresh.use_as_of(), refresh.as_of_date()
-- source:   docs/model_risk.md, "The KPI report"

CREATE OR REPLACE FUNCTION model_risk.kpi_models(
    p_metric_id text,
    p_region_id integer DEFAULT NULL,
    p_team_id integer DEFAULT NULL,
    p_as_of date DEFAULT refresh.as_of_date()
)
RETURNS TABLE (model_id integer)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_day_before text := refresh.use_as_of(p_as_of);
BEGIN
    PERFORM model_risk.require_region(p_region_id);
    IF NOT EXISTS (SELECT FROM model_risk.kpi_metrics AS met WHERE met.metric_id = p_metric_id) THEN
        RAISE EXCEPTION USING
            ERRCODE = 'no_data_found',
            MESSAGE = format('metric "%s" not found', coalesce(p_metric_id, 'NULL')),
            DETAIL = 'No row of model_risk.kpi_metrics has this metric_id.',
            HINT = 'Take one from the column metric_id of model_risk.kpi_report().';
    END IF;
    RETURN QUERY
    SELECT num.model_id
    FROM model_risk.kpi_numerator AS num
    INNER JOIN model_risk.lob_ancestry_by_lob_as_of AS line ON num.lob_id = line.lob_id
    WHERE num.metric_id = p_metric_id
        AND (p_team_id IS NULL OR coalesce(line.team_id, 0) = p_team_id)
        AND (
            p_region_id IS NULL
            OR EXISTS (
                SELECT FROM model_risk.model_regions AS reg
                WHERE reg.model_id = num.model_id AND reg.region_id = p_region_id
            )
        )
    ORDER BY num.model_id;
    PERFORM set_config('tidemark.as_of', v_day_before, true);
END;
$$;

COMMENT ON FUNCTION model_risk.kpi_models IS
'Drill-down by ascending model_id; no rows for metrics that do not count models. Filters as in kpi_report(). Raises P0002 for an unknown metric or region, 22004 when p_as_of is NULL.';

REVOKE ALL ON FUNCTION model_risk.kpi_models FROM PUBLIC;
GRANT EXECUTE ON FUNCTION model_risk.kpi_models TO tidemark_app;

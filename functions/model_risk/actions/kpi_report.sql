-- model_risk.kpi_report()
-- The 26 programme KPIs for one region and one team, in report order.
-- requires: model_risk.kpi_report_line, model_risk.kpi_scope, model_risk.kpi_scope_code(), model_risk.require_region(),
-- requires: refresh.use_as_of(), refresh.as_of_date(), refresh.prefer_stored()
-- source:   docs/model_risk.md, "The KPI report"

CREATE OR REPLACE FUNCTION model_risk.kpi_report(
    p_region_id integer DEFAULT NULL,
    p_team_id integer DEFAULT NULL,
    p_as_of date DEFAULT refresh.as_of_date()
)
RETURNS TABLE (
    seq integer,
    metric_id text,
    metric_name text,
    metric_type text,
    is_kri boolean,
    is_filtered boolean,
    category text,
    count_value bigint,
    numerator bigint,
    denominator bigint,
    percentage numeric,
    duration_value numeric,
    avg_days numeric
)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan  -- planning takes longer than answering, compiling longer still
SET jit = off
AS $$
DECLARE
    v_day_before text := refresh.use_as_of(p_as_of);
    v_source_before text := refresh.prefer_stored(
        'model_risk.kpi_cell_by_scope', 'model_risk.kpi_breakdown_cell_by_scope',
        'model_risk.kpi_programme_by_id', 'model_risk.kpi_validation_time_by_tier'
    );
    v_team_id integer := p_team_id;
BEGIN
    PERFORM model_risk.require_region(p_region_id);
    IF p_team_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM model_risk.kpi_scope AS scope WHERE scope.team_id = p_team_id)
    THEN
        v_team_id := -1;  -- an unknown team is a report over no models, not an error
    END IF;
    RETURN QUERY
    SELECT
        met.seq,
        met.metric_id,
        met.metric_name,
        met.metric_type,
        met.is_kri,
        met.is_filtered,
        line.category,
        line.count_value,
        line.numerator,
        line.denominator,
        line.percentage,
        line.duration_value,
        line.avg_days
    FROM model_risk.kpi_report_line AS line
    INNER JOIN model_risk.kpi_metrics AS met ON line.metric_id = met.metric_id
    WHERE line.scope_code = model_risk.kpi_scope_code(p_region_id, v_team_id)
    ORDER BY met.seq, line.category COLLATE "C";
    PERFORM set_config('tidemark.source', v_source_before, true);
    PERFORM set_config('tidemark.as_of', v_day_before, true);
END;
$$;

COMMENT ON FUNCTION model_risk.kpi_report IS
'One row per metric; a breakdown has one per category, none when empty. p_region_id NULL: all; p_team_id NULL: all, 0: models without a team, unknown: no models. Answered from stored views when they are right for p_as_of, else live. Raises P0002 for an unknown region, 22004 when p_as_of is NULL.';

REVOKE ALL ON FUNCTION model_risk.kpi_report FROM PUBLIC;
GRANT EXECUTE ON FUNCTION model_risk.kpi_report TO tidemark_app;

-- model_risk.kpi_report_header()
-- What the KPI report is about: day, filters, their names, and how many models it covers.
-- requires: model_risk.kpi_report(), model_risk.kpi_scope, refresh.as_of_date(), refresh.now()
-- source:   docs/model_risk.md, "The KPI report"

CREATE OR REPLACE FUNCTION model_risk.kpi_report_header(
    p_region_id integer DEFAULT NULL,
    p_team_id integer DEFAULT NULL,
    p_as_of date DEFAULT refresh.as_of_date()
)
RETURNS TABLE (
    as_of date,
    generated_at timestamptz,
    region_id integer,
    region_name text,
    team_id integer,
    team_name text,
    total_active_models bigint
)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY
    SELECT
        p_as_of,
        refresh.now(),
        p_region_id,
        (
            SELECT scope.region_name::text FROM model_risk.kpi_scope AS scope
            WHERE scope.region_id IS NOT DISTINCT FROM p_region_id AND scope.team_id IS NULL
        ),
        p_team_id,
        coalesce((
            SELECT scope.team_name FROM model_risk.kpi_scope AS scope
            WHERE scope.team_id IS NOT DISTINCT FROM p_team_id
                AND scope.region_id IS NULL AND scope.team_id IS DISTINCT FROM -1
        ), 'Team ' || p_team_id),
        rep.count_value
    FROM model_risk.kpi_report(p_region_id, p_team_id, p_as_of) AS rep
    WHERE rep.metric_id = '4.1';
END;
$$;

COMMENT ON FUNCTION model_risk.kpi_report_header IS
'One row that describes kpi_report() for the same arguments, with the same errors. An unknown team is named Team and its number.';

REVOKE ALL ON FUNCTION model_risk.kpi_report_header FROM PUBLIC;
GRANT EXECUTE ON FUNCTION model_risk.kpi_report_header TO tidemark_app;

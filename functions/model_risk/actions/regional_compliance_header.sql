-- model_risk.regional_compliance_header()
-- What the regional compliance report is about: its filters and how many rows it has.
-- requires: model_risk.regional_compliance_report(), refresh.now()
-- source:   docs/model_risk.md, "Regional compliance"

CREATE OR REPLACE FUNCTION model_risk.regional_compliance_header(
    p_region_code text DEFAULT NULL,
    p_model_id integer DEFAULT NULL,
    p_team_id integer DEFAULT NULL,
    p_only_deployed boolean DEFAULT true
)
RETURNS TABLE (
    generated_at timestamptz,
    region_filter text,
    team_filter text,
    total_records bigint
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT
        refresh.now() AS generated_at,
        p_region_code AS region_filter,
        CASE
            WHEN p_team_id = 0 THEN 'Unassigned'
            WHEN p_team_id IS NOT NULL THEN coalesce(
                (SELECT tea.name FROM model_risk.teams AS tea WHERE tea.team_id = p_team_id),
                'Team ' || p_team_id
            )
        END AS team_filter,
        count(*) AS total_records
    FROM model_risk.regional_compliance_report(
        p_region_code, p_model_id, p_team_id, p_only_deployed
    );
END;

COMMENT ON FUNCTION model_risk.regional_compliance_header IS
'One row that describes regional_compliance_report() for the same arguments. region_filter is the parameter as given; an unknown team is named Team and its number.';

REVOKE ALL ON FUNCTION model_risk.regional_compliance_header FROM PUBLIC;
GRANT EXECUTE ON FUNCTION model_risk.regional_compliance_header TO tidemark_app;

-- model_risk.kpi_cell
-- KPI counts for one choice of the report's two filters.
-- grain:    one row per region and team that have active models; NULL: all; team 0: models without a team
-- requires: model_risk.kpi_tally_by_lob, model_risk.lob_ancestry_by_lob, model_risk.kpi_scope_code()
-- source:   docs/model_risk.md, "The 26 KPIs"

CREATE OR REPLACE VIEW model_risk.kpi_cell AS
SELECT
    tally.region_id,
    line.team_id,
    sum(tally.models)::bigint AS models,
    sum(tally.without_tier)::bigint AS without_tier,
    sum(tally.third_party)::bigint AS third_party,
    sum(tally.aiml)::bigint AS aiml,
    sum(tally.on_time)::bigint AS on_time,
    sum(tally.overdue)::bigint AS overdue,
    sum(tally.interim_approved)::bigint AS interim_approved,
    sum(tally.monitored)::bigint AS monitored,
    sum(tally.breaching)::bigint AS breaching,
    sum(tally.monitoring_issue)::bigint AS monitoring_issue,
    sum(tally.approved_cycle)::bigint AS approved_cycle,
    sum(tally.monitoring_timely)::bigint AS monitoring_timely,
    sum(tally.critical_limitation)::bigint AS critical_limitation,
    sum(tally.high_recommendation)::bigint AS high_recommendation,
    sum(tally.recommendations_without_target_date)::bigint AS recommendations_without_target_date,
    sum(tally.residual_stated)::bigint AS residual_stated,
    sum(tally.residual_high)::bigint AS residual_high,
    sum(tally.open_exception)::bigint AS open_exception,
    model_risk.kpi_scope_code(tally.region_id, line.team_id) AS scope_code
FROM model_risk.kpi_tally_by_lob_as_of AS tally
INNER JOIN (
    SELECT
        own.lob_id,
        coalesce(own.team_id, 0) AS team_id
    FROM model_risk.lob_ancestry_by_lob_as_of AS own
    UNION ALL
    SELECT
        every.lob_id,
        NULL AS team_id
    FROM model_risk.lob_ancestry_by_lob_as_of AS every
) AS line ON tally.lob_id = line.lob_id
GROUP BY tally.region_id, line.team_id;

COMMENT ON VIEW model_risk.kpi_cell IS
'Counts behind the filtered KPIs for every combination of region and team; NULL means no filter, team 0 the models whose line of business has no team.';

GRANT SELECT ON model_risk.kpi_cell TO tidemark_app, tidemark_operator;

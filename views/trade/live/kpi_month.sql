-- trade.kpi_month
-- Monthly verdicts with their rates.
-- grain:    one row per company, agreement, way and month
-- requires: trade.own_kpi_verdict_month, trade.share_of()
-- source:   docs/trade.md, "Figures"

CREATE OR REPLACE VIEW trade.kpi_month AS
SELECT
    cel.tenant_id,
    cel.agreement_code,
    cel.export_country,
    cel.import_country,
    cel.month,
    sum(cel.verdicts)::bigint AS verdicts,
    sum(cel.qualified)::bigint AS qualified,
    sum(cel.disqualified)::bigint AS disqualified,
    sum(cel.manual_review)::bigint AS manual_review,
    trade.share_of(sum(cel.qualified), sum(cel.verdicts)) AS qualification_rate,
    sum(cel.confidence_sum) AS confidence_sum,
    trade.share_of(sum(cel.confidence_sum), sum(cel.verdicts)) AS avg_confidence,
    sum(cel.low_confidence)::bigint AS low_confidence,
    sum(cel.lineage_required)::bigint AS lineage_required
FROM trade.own_kpi_verdict_month AS cel
GROUP BY cel.tenant_id, cel.agreement_code, cel.export_country, cel.import_country, cel.month;

COMMENT ON VIEW trade.kpi_month IS
'Sums of the monthly cells that the reader may see.';

GRANT SELECT ON trade.kpi_month TO tidemark_app, tidemark_operator;

-- trade.kpi_agreement
-- Verdicts by agreement and month.
-- grain:    one row per agreement and month
-- requires: trade.own_kpi_verdict_month, trade.share_of()
-- source:   docs/trade.md, "Figures"

CREATE OR REPLACE VIEW trade.kpi_agreement AS
SELECT
    cel.agreement_code,
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
GROUP BY cel.agreement_code, cel.month;

COMMENT ON VIEW trade.kpi_agreement IS
'Sums of the monthly cells that the reader may see.';

GRANT SELECT ON trade.kpi_agreement TO tidemark_app, tidemark_operator;

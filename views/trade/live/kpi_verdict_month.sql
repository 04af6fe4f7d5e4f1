-- trade.kpi_verdict_month
-- Verdicts of companies, month by month: the one fact that coarser figures are sums of.
-- grain:    one row per company, agreement, way and month
-- requires: trade.is_low_confidence()
-- source:   docs/trade.md, "Figures"

CREATE OR REPLACE VIEW trade.kpi_verdict_month WITH (security_invoker = true) AS
SELECT
    ver.tenant_id,
    ver.agreement_code,
    ver.export_country,
    ver.import_country,
    date_trunc('month', ver.decided_at AT TIME ZONE 'UTC')::date AS month,
    count(*) AS verdicts,
    count(*) FILTER (WHERE ver.status = 'qualified') AS qualified,
    count(*) FILTER (WHERE ver.status = 'disqualified') AS disqualified,
    count(*) FILTER (WHERE ver.status = 'manual_review') AS manual_review,
    sum(ver.confidence) AS confidence_sum,
    count(*) FILTER (WHERE trade.is_low_confidence(ver.status, ver.confidence)) AS low_confidence,
    count(*) FILTER (WHERE ver.lineage_required) AS lineage_required
FROM trade.psra_verdicts AS ver
GROUP BY
    ver.tenant_id, ver.agreement_code, ver.export_country, ver.import_country, date_trunc('month', ver.decided_at AT TIME ZONE 'UTC')::date;

COMMENT ON VIEW trade.kpi_verdict_month IS
'Sums only; rates are derived when they are read. Months of decided_at in UTC.';
COMMENT ON COLUMN trade.kpi_verdict_month.month IS 'First day of the month.';
COMMENT ON COLUMN trade.kpi_verdict_month.low_confidence IS 'Verdicts that deserve a second look.';

GRANT SELECT ON trade.kpi_verdict_month TO tidemark_app, tidemark_operator;

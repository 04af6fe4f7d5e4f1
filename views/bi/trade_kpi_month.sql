-- bi.trade_kpi_month
-- Verdicts of companies, month by month.
-- grain:    one row per company, agreement, way and month
-- tidemark-ignore: owner-view-over-row-security because the grants of the reader filter the rows
-- requires: trade.kpi_verdict_month_by_cell, trade.tenant_ids(), access.sees_all(), access.sees()
-- source:   docs/bi.md, "Trade"

CREATE OR REPLACE VIEW bi.trade_kpi_month WITH (security_barrier) AS
WITH reader AS MATERIALIZED (  -- a UNION ALL without WITH would lose the barrier, see docs/access.md
    SELECT
        access.sees_all('trade') AS sees_all,
        trade.tenant_ids(access.sees('trade', 'tenant')) AS tenant_ids
)

SELECT
    src.tenant_id,
    ten.name::text AS tenant_name,
    src.agreement_code::text AS agreement_code,
    src.export_country::text AS export_country,
    src.import_country::text AS import_country,
    src.month AS month_on,
    src.verdicts AS verdict_count,
    src.qualified AS qualified_count,
    src.disqualified AS disqualified_count,
    src.manual_review AS manual_review_count,
    src.confidence_sum,
    src.low_confidence AS low_confidence_count,
    src.lineage_required AS lineage_required_count
FROM trade.kpi_verdict_month_by_cell AS src
INNER JOIN trade.tenants AS ten ON src.tenant_id = ten.id
WHERE (SELECT reader.sees_all FROM reader)
UNION ALL
SELECT
    src.tenant_id,
    ten.name::text AS tenant_name,
    src.agreement_code::text AS agreement_code,
    src.export_country::text AS export_country,
    src.import_country::text AS import_country,
    src.month AS month_on,
    src.verdicts AS verdict_count,
    src.qualified AS qualified_count,
    src.disqualified AS disqualified_count,
    src.manual_review AS manual_review_count,
    src.confidence_sum,
    src.low_confidence AS low_confidence_count,
    src.lineage_required AS lineage_required_count
FROM trade.kpi_verdict_month_by_cell AS src
INNER JOIN trade.tenants AS ten ON src.tenant_id = ten.id
WHERE src.tenant_id = ANY((SELECT reader.tenant_ids FROM reader)::uuid[]);

COMMENT ON VIEW bi.trade_kpi_month IS
'Sums, to be added up as one likes; rates are quotients of sums. Grain: one row per company, agreement, way and month. Key: tenant_id, agreement_code, export_country, import_country, month_on. Data as of: trade.kpi_verdict_month_by_cell, see bi.freshness.';
COMMENT ON COLUMN bi.trade_kpi_month.tenant_id IS 'Company.';
COMMENT ON COLUMN bi.trade_kpi_month.tenant_name IS 'Its name.';
COMMENT ON COLUMN bi.trade_kpi_month.agreement_code IS 'Agreement.';
COMMENT ON COLUMN bi.trade_kpi_month.export_country IS 'Country of export.';
COMMENT ON COLUMN bi.trade_kpi_month.import_country IS 'Country of import.';
COMMENT ON COLUMN bi.trade_kpi_month.month_on IS 'First day of the month of the decision, in UTC.';
COMMENT ON COLUMN bi.trade_kpi_month.verdict_count IS 'Verdicts.';
COMMENT ON COLUMN bi.trade_kpi_month.qualified_count IS 'Those that qualify.';
COMMENT ON COLUMN bi.trade_kpi_month.disqualified_count IS 'Those that do not.';
COMMENT ON COLUMN bi.trade_kpi_month.manual_review_count IS 'Those that a person must look at.';
COMMENT ON COLUMN bi.trade_kpi_month.confidence_sum IS 'Sum of the confidences; divided by the verdicts, their average.';
COMMENT ON COLUMN bi.trade_kpi_month.low_confidence_count IS 'Verdicts that do not disqualify and are less certain than 0.7.';
COMMENT ON COLUMN bi.trade_kpi_month.lineage_required_count IS 'Verdicts whose rule wants lineage kept.';

GRANT SELECT ON bi.trade_kpi_month TO tidemark_bi;

-- bi.trade_reason_month
-- Why companies did not qualify, month by month.
-- grain:    one row per company, agreement, month and reason
-- tidemark-ignore: owner-view-over-row-security because the grants of the reader filter the rows
-- requires: trade.reason_month_by_cell, trade.tenant_ids(), access.sees_all(), access.sees()
-- source:   docs/bi.md, "Trade"

CREATE OR REPLACE VIEW bi.trade_reason_month WITH (security_barrier) AS
WITH reader AS MATERIALIZED (  -- a UNION ALL without WITH would lose the barrier, see docs/access.md
    SELECT
        access.sees_all('trade') AS sees_all,
        trade.tenant_ids(access.sees('trade', 'tenant')) AS tenant_ids
)

SELECT
    src.tenant_id,
    ten.name::text AS tenant_name,
    src.agreement_code::text AS agreement_code,
    src.month AS month_on,
    src.reason_code,
    src.verdicts AS verdict_count
FROM trade.reason_month_by_cell AS src
INNER JOIN trade.tenants AS ten ON src.tenant_id = ten.id
WHERE (SELECT reader.sees_all FROM reader)
UNION ALL
SELECT
    src.tenant_id,
    ten.name::text AS tenant_name,
    src.agreement_code::text AS agreement_code,
    src.month AS month_on,
    src.reason_code,
    src.verdicts AS verdict_count
FROM trade.reason_month_by_cell AS src
INNER JOIN trade.tenants AS ten ON src.tenant_id = ten.id
WHERE src.tenant_id = ANY((SELECT reader.tenant_ids FROM reader)::uuid[]);

COMMENT ON VIEW bi.trade_reason_month IS
'Reasons of verdicts. Grain: one row per company, agreement, month and reason. Key: tenant_id, agreement_code, month_on, reason_code. Data as of: trade.reason_month_by_cell, see bi.freshness.';
COMMENT ON COLUMN bi.trade_reason_month.tenant_id IS 'Company.';
COMMENT ON COLUMN bi.trade_reason_month.tenant_name IS 'Its name.';
COMMENT ON COLUMN bi.trade_reason_month.agreement_code IS 'Agreement.';
COMMENT ON COLUMN bi.trade_reason_month.month_on IS 'First day of the month of the decision, in UTC.';
COMMENT ON COLUMN bi.trade_reason_month.reason_code IS 'Code of the reason.';
COMMENT ON COLUMN bi.trade_reason_month.verdict_count IS 'Verdicts that give it; each once.';

GRANT SELECT ON bi.trade_reason_month TO tidemark_bi;

-- trade.own_kpi_verdict_month
-- Monthly verdicts that the reader may see.
-- grain:    one row per company, agreement, way and month
-- requires: trade.kpi_verdict_month_by_cell, trade.current_tenant(), trade.sees_every_tenant()
-- source:   docs/trade.md, "Figures"

CREATE OR REPLACE VIEW trade.own_kpi_verdict_month WITH (security_barrier) AS
WITH reader AS MATERIALIZED (  -- a UNION ALL without WITH would lose the barrier
    SELECT trade.sees_every_tenant() AS sees_all, trade.current_tenant() AS tenant_id
)

SELECT
    src.tenant_id,
    src.agreement_code,
    src.export_country,
    src.import_country,
    src.month,
    src.verdicts,
    src.qualified,
    src.disqualified,
    src.manual_review,
    src.confidence_sum,
    src.low_confidence,
    src.lineage_required
FROM trade.kpi_verdict_month_by_cell_as_of AS src
WHERE (SELECT reader.sees_all FROM reader)
UNION ALL
SELECT
    src.tenant_id,
    src.agreement_code,
    src.export_country,
    src.import_country,
    src.month,
    src.verdicts,
    src.qualified,
    src.disqualified,
    src.manual_review,
    src.confidence_sum,
    src.low_confidence,
    src.lineage_required
FROM trade.kpi_verdict_month_by_cell_as_of AS src
WHERE src.tenant_id = (SELECT reader.tenant_id FROM reader WHERE NOT reader.sees_all);

COMMENT ON VIEW trade.own_kpi_verdict_month IS
'Those of the company that the session works for; of all for operators.';

GRANT SELECT ON trade.own_kpi_verdict_month TO tidemark_app, tidemark_operator;

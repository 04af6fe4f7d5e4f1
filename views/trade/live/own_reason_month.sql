-- trade.own_reason_month
-- Monthly reasons that the reader may see.
-- grain:    one row per company, agreement, month and reason
-- requires: trade.reason_month_by_cell, trade.current_tenant(), trade.sees_every_tenant()
-- source:   docs/trade.md, "Figures"

CREATE OR REPLACE VIEW trade.own_reason_month WITH (security_barrier) AS
WITH reader AS MATERIALIZED (  -- a UNION ALL without WITH would lose the barrier
    SELECT trade.sees_every_tenant() AS sees_all, trade.current_tenant() AS tenant_id
)

SELECT
    src.tenant_id,
    src.agreement_code,
    src.month,
    src.reason_code,
    src.verdicts
FROM trade.reason_month_by_cell_as_of AS src
WHERE (SELECT reader.sees_all FROM reader)
UNION ALL
SELECT
    src.tenant_id,
    src.agreement_code,
    src.month,
    src.reason_code,
    src.verdicts
FROM trade.reason_month_by_cell_as_of AS src
WHERE src.tenant_id = (SELECT reader.tenant_id FROM reader WHERE NOT reader.sees_all);

COMMENT ON VIEW trade.own_reason_month IS
'Those of the company that the session works for; of all for operators.';

GRANT SELECT ON trade.own_reason_month TO tidemark_app, tidemark_operator;

-- trade.own_qualified_rule
-- Rules that qualified products of whom the reader may see.
-- grain:    one row per company and rule
-- requires: trade.qualified_rule_by_tenant, trade.current_tenant(), trade.sees_every_tenant()
-- source:   docs/trade.md, "Figures"

CREATE OR REPLACE VIEW trade.own_qualified_rule WITH (security_barrier) AS
WITH reader AS MATERIALIZED (  -- a UNION ALL without WITH would lose the barrier
    SELECT trade.sees_every_tenant() AS sees_all, trade.current_tenant() AS tenant_id
)

SELECT
    src.tenant_id,
    src.rule_id,
    src.qualified_verdicts
FROM trade.qualified_rule_by_tenant_as_of AS src
WHERE (SELECT reader.sees_all FROM reader)
UNION ALL
SELECT
    src.tenant_id,
    src.rule_id,
    src.qualified_verdicts
FROM trade.qualified_rule_by_tenant_as_of AS src
WHERE src.tenant_id = (SELECT reader.tenant_id FROM reader WHERE NOT reader.sees_all);

COMMENT ON VIEW trade.own_qualified_rule IS
'Those of the company that the session works for; of all for operators.';

GRANT SELECT ON trade.own_qualified_rule TO tidemark_app, tidemark_operator;

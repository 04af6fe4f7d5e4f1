-- trade.qualified_rule
-- How often rules qualified the products of a company.
-- grain:    one row per company and rule
-- requires: nothing
-- source:   docs/trade.md, "Figures"

CREATE OR REPLACE VIEW trade.qualified_rule WITH (security_invoker = true) AS
SELECT
    ver.tenant_id,
    ver.rule_id,
    count(*) AS qualified_verdicts
FROM trade.psra_verdicts AS ver
WHERE ver.status = 'qualified'
GROUP BY ver.tenant_id, ver.rule_id;

COMMENT ON VIEW trade.qualified_rule IS
'Qualified verdicts only.';

GRANT SELECT ON trade.qualified_rule TO tidemark_app, tidemark_operator;

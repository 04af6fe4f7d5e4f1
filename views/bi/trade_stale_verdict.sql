-- bi.trade_stale_verdict
-- Qualified verdicts whose rule does not hold on the business day.
-- grain:    one row per company and rule
-- tidemark-ignore: owner-view-over-row-security because the grants of the reader filter the rows
-- requires: trade.qualified_rule_by_tenant, trade.rule_states_by_rule, trade.tenant_ids(), access.sees_all(), access.sees()
-- source:   docs/bi.md, "Trade"

CREATE OR REPLACE VIEW bi.trade_stale_verdict WITH (security_barrier) AS
WITH reader AS MATERIALIZED (  -- a UNION ALL without WITH would lose the barrier, see docs/access.md
    SELECT
        access.sees_all('trade') AS sees_all,
        trade.tenant_ids(access.sees('trade', 'tenant')) AS tenant_ids
)

SELECT
    src.tenant_id,
    ten.name::text AS tenant_name,
    src.rule_id::text AS rule_id,
    sta.agreement_code::text AS agreement_code,
    sta.state AS rule_state,
    src.qualified_verdicts AS verdict_count,
    sta.next_transition AS next_change_on
FROM trade.qualified_rule_by_tenant AS src
INNER JOIN trade.tenants AS ten ON src.tenant_id = ten.id
INNER JOIN trade.rule_states_by_rule_as_of AS sta ON src.rule_id = sta.rule_id
WHERE (SELECT reader.sees_all FROM reader) AND sta.state <> 'active'
UNION ALL
SELECT
    src.tenant_id,
    ten.name::text AS tenant_name,
    src.rule_id::text AS rule_id,
    sta.agreement_code::text AS agreement_code,
    sta.state AS rule_state,
    src.qualified_verdicts AS verdict_count,
    sta.next_transition AS next_change_on
FROM trade.qualified_rule_by_tenant AS src
INNER JOIN trade.tenants AS ten ON src.tenant_id = ten.id
INNER JOIN trade.rule_states_by_rule_as_of AS sta ON src.rule_id = sta.rule_id
WHERE src.tenant_id = ANY((SELECT reader.tenant_ids FROM reader)::uuid[]) AND sta.state <> 'active';

COMMENT ON VIEW bi.trade_stale_verdict IS
'Verdicts to look at again. Grain: one row per company and rule. Key: tenant_id, rule_id. Data as of: trade.qualified_rule_by_tenant and trade.rule_states_by_rule, see bi.freshness.';
COMMENT ON COLUMN bi.trade_stale_verdict.tenant_id IS 'Company.';
COMMENT ON COLUMN bi.trade_stale_verdict.tenant_name IS 'Its name.';
COMMENT ON COLUMN bi.trade_stale_verdict.rule_id IS 'Rule.';
COMMENT ON COLUMN bi.trade_stale_verdict.agreement_code IS 'Its agreement.';
COMMENT ON COLUMN bi.trade_stale_verdict.rule_state IS 'upcoming, expired or superseded.';
COMMENT ON COLUMN bi.trade_stale_verdict.verdict_count IS 'Verdicts that qualified by it.';
COMMENT ON COLUMN bi.trade_stale_verdict.next_change_on IS 'Day on which the state changes by time alone; NULL: never.';

GRANT SELECT ON bi.trade_stale_verdict TO tidemark_bi;

-- trade.stale_verdicts()
-- Qualified verdicts whose rule does not hold any more, or not yet.
-- requires: trade.own_qualified_rule, trade.rule_state_at(), refresh.as_of_date()
-- source:   docs/trade.md, "Figures"

CREATE OR REPLACE FUNCTION trade.stale_verdicts(p_as_of date DEFAULT refresh.as_of_date())
RETURNS TABLE (
    tenant_id uuid,
    rule_id text,
    rule_state text,
    qualified_verdicts bigint
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT own.tenant_id, own.rule_id::text, sta.state, own.qualified_verdicts
    FROM trade.own_qualified_rule AS own
    INNER JOIN trade.rule_state_at(p_as_of) AS sta ON own.rule_id = sta.rule_id
    WHERE sta.state <> 'active'
    ORDER BY own.tenant_id, own.rule_id;
END;

COMMENT ON FUNCTION trade.stale_verdicts IS
'By company and rule.';

REVOKE ALL ON FUNCTION trade.stale_verdicts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.stale_verdicts TO tidemark_app, tidemark_operator;

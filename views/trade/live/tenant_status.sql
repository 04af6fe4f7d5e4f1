-- trade.tenant_status
-- Where each company stands now.
-- grain:    one row per company
-- requires: trade.tenant_state(), trade.tenant_next_change_at(), refresh.now()
-- source:   docs/trade.md, "Companies"

CREATE OR REPLACE VIEW trade.tenant_status WITH (security_invoker = true) AS
SELECT
    ten.id AS tenant_id,
    trade.tenant_state(ten.status, ten.trial_ends_at, refresh.now()) AS effective_status,
    trade.tenant_next_change_at(ten.status, ten.trial_ends_at, refresh.now()) AS next_transition
FROM trade.tenants AS ten;

COMMENT ON VIEW trade.tenant_status IS
'A trial that is over is trial_expired.';
COMMENT ON COLUMN trade.tenant_status.next_transition IS 'Instant at which that changes by time alone; NULL: never.';

GRANT SELECT ON trade.tenant_status TO tidemark_app, tidemark_operator;

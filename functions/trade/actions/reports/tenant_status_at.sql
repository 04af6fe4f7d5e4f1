-- trade.tenant_status_at()
-- Where companies stand at an instant of your choice.
-- requires: trade.tenant_state(), trade.tenant_next_change_at(), refresh.now()
-- source:   docs/trade.md, "Companies"

CREATE OR REPLACE FUNCTION trade.tenant_status_at(p_as_of timestamptz DEFAULT refresh.now())
RETURNS TABLE (
    tenant_id uuid,
    effective_status text,
    next_transition timestamptz
)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT ten.id, trade.tenant_state(ten.status, ten.trial_ends_at, p_as_of),
        trade.tenant_next_change_at(ten.status, ten.trial_ends_at, p_as_of)
    FROM trade.tenants AS ten;
END;

COMMENT ON FUNCTION trade.tenant_status_at IS
'Of the companies that the reader sees.';

REVOKE ALL ON FUNCTION trade.tenant_status_at FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.tenant_status_at TO tidemark_app, tidemark_operator;

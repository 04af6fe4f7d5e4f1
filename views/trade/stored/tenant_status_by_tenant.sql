-- trade.tenant_status_by_tenant
-- Where companies stand, kept inside the transaction that changes them.
-- grain:    one row per company
-- requires: refresh.store(), trade.tenant_status
-- source:   docs/trade.md, "Companies"

SELECT refresh.store(
    'trade.tenant_status_by_tenant',
    live => 'trade.tenant_status',
    key => '{tenant_id}',
    due => 'next_transition',
    target_lag => '0'
);

COMMENT ON VIEW trade.tenant_status_by_tenant IS
'Same columns and rows as trade.tenant_status, of all companies. For operators; companies read what is opened to them.';

GRANT SELECT ON trade.tenant_status_by_tenant, trade.tenant_status_by_tenant_as_of TO tidemark_operator;

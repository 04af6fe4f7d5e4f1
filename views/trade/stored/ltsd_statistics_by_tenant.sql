-- trade.ltsd_statistics_by_tenant
-- Figures of declarations, kept inside the transaction that changes them.
-- grain:    one row per company
-- requires: refresh.store(), trade.ltsd_statistics
-- source:   docs/trade.md, "Declarations"

SELECT refresh.store(
    'trade.ltsd_statistics_by_tenant',
    live => 'trade.ltsd_statistics',
    key => '{tenant_id}',
    due => 'next_transition',
    target_lag => '0'
);

COMMENT ON VIEW trade.ltsd_statistics_by_tenant IS
'Same columns and rows as trade.ltsd_statistics, of all companies. For operators; companies read what is opened to them.';

GRANT SELECT ON trade.ltsd_statistics_by_tenant, trade.ltsd_statistics_by_tenant_as_of TO tidemark_operator;

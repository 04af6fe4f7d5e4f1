-- trade.reason_month_by_cell
-- Monthly reasons of companies, kept.
-- grain:    one row per company, agreement, month and reason
-- requires: refresh.store(), trade.reason_month
-- source:   docs/trade.md, "Figures"

SELECT refresh.store(
    'trade.reason_month_by_cell',
    live => 'trade.reason_month',
    key => '{tenant_id, agreement_code, month, reason_code}',
    target_lag => '1 hour'
);

COMMENT ON VIEW trade.reason_month_by_cell IS
'Same columns and rows as trade.reason_month, of all companies. For operators; companies read what is opened to them.';

GRANT SELECT ON trade.reason_month_by_cell, trade.reason_month_by_cell_as_of TO tidemark_operator;

-- trade.kpi_verdict_month_by_cell
-- Monthly verdicts of companies, kept.
-- grain:    one row per company, agreement, way and month
-- requires: refresh.store(), trade.kpi_verdict_month
-- source:   docs/trade.md, "Figures"

SELECT refresh.store(
    'trade.kpi_verdict_month_by_cell',
    live => 'trade.kpi_verdict_month',
    key => '{tenant_id, agreement_code, export_country, import_country, month}',
    target_lag => '1 hour'
);

COMMENT ON VIEW trade.kpi_verdict_month_by_cell IS
'Same columns and rows as trade.kpi_verdict_month, of all companies. For operators; companies read what is opened to them.';

GRANT SELECT ON trade.kpi_verdict_month_by_cell, trade.kpi_verdict_month_by_cell_as_of TO tidemark_operator;

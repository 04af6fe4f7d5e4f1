-- trade.ltsd_status_by_declaration
-- What declarations are worth, kept inside the transaction that changes them.
-- grain:    one row per declaration
-- requires: refresh.store(), trade.ltsd_status
-- source:   docs/trade.md, "Declarations"

SELECT refresh.store(
    'trade.ltsd_status_by_declaration',
    live => 'trade.ltsd_status',
    key => '{id}',
    due => 'next_transition',
    target_lag => '0',
    also_by => '{tenant_id}'
);

COMMENT ON VIEW trade.ltsd_status_by_declaration IS
'Same columns and rows as trade.ltsd_status, of all companies. For operators; companies read what is opened to them.';

GRANT SELECT ON trade.ltsd_status_by_declaration, trade.ltsd_status_by_declaration_as_of TO tidemark_operator;

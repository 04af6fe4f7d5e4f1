-- trade.duplicates_by_case
-- Cases judged more than once, kept.
-- grain:    one row per company and digest
-- requires: refresh.store(), trade.duplicates
-- source:   docs/trade.md, "The digest of a case"

SELECT refresh.store(
    'trade.duplicates_by_case',
    live => 'trade.duplicates',
    key => '{tenant_id, input_hash}',
    target_lag => '1 hour'
);

COMMENT ON VIEW trade.duplicates_by_case IS
'Same columns and rows as trade.duplicates, of all companies. For operators; companies read what is opened to them.';

GRANT SELECT ON trade.duplicates_by_case, trade.duplicates_by_case_as_of TO tidemark_operator;

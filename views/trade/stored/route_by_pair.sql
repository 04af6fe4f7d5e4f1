-- trade.route_by_pair
-- Verdicts on ways, kept.
-- grain:    one row per way
-- requires: refresh.store(), trade.route
-- source:   docs/trade.md, "Figures"

SELECT refresh.store(
    'trade.route_by_pair',
    live => 'trade.route',
    key => '{export_country, import_country}',
    target_lag => '1 hour'
);

COMMENT ON VIEW trade.route_by_pair IS
'Same columns and rows as trade.route, of all companies. For operators; companies read what is opened to them.';

GRANT SELECT ON trade.route_by_pair, trade.route_by_pair_as_of TO tidemark_operator;

-- trade.route_day_by_pair
-- Daily verdicts on ways, kept.
-- grain:    one row per way and effective date
-- requires: refresh.store(), trade.route_day
-- source:   docs/trade.md, "Figures"

SELECT refresh.store(
    'trade.route_day_by_pair',
    live => 'trade.route_day',
    key => '{export_country, import_country, effective_date}',
    target_lag => '1 hour',
    also_by => '{effective_date}'
);

COMMENT ON VIEW trade.route_day_by_pair IS
'Same columns and rows as trade.route_day, of all companies. For operators; companies read what is opened to them.';

GRANT SELECT ON trade.route_day_by_pair, trade.route_day_by_pair_as_of TO tidemark_operator;

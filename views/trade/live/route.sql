-- trade.route
-- Verdicts on the ways from country to country.
-- grain:    one row per way
-- requires: trade.route_day_by_pair
-- source:   docs/trade.md, "Figures"

CREATE OR REPLACE VIEW trade.route AS
SELECT
    day.export_country,
    day.import_country,
    sum(day.verdicts)::bigint AS verdicts,
    sum(day.qualified)::bigint AS qualified,
    sum(day.disqualified)::bigint AS disqualified,
    sum(day.manual_review)::bigint AS manual_review,
    sum(day.confidence_sum) AS confidence_sum,
    min(day.effective_date) AS first_effective_date,
    max(day.effective_date) AS last_effective_date
FROM trade.route_day_by_pair_as_of AS day
GROUP BY day.export_country, day.import_country;

COMMENT ON VIEW trade.route IS
'Of all companies.';

GRANT SELECT ON trade.route TO tidemark_operator;

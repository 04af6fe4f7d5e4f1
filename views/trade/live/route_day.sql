-- trade.route_day
-- Verdicts on the ways from country to country, day by day.
-- grain:    one row per way and effective date
-- requires: nothing
-- source:   docs/trade.md, "Figures"

CREATE OR REPLACE VIEW trade.route_day WITH (security_invoker = true) AS
SELECT
    ver.export_country,
    ver.import_country,
    ver.effective_date,
    count(*) AS verdicts,
    count(*) FILTER (WHERE ver.status = 'qualified') AS qualified,
    count(*) FILTER (WHERE ver.status = 'disqualified') AS disqualified,
    count(*) FILTER (WHERE ver.status = 'manual_review') AS manual_review,
    sum(ver.confidence) AS confidence_sum
FROM trade.psra_verdicts AS ver
GROUP BY ver.export_country, ver.import_country, ver.effective_date;

COMMENT ON VIEW trade.route_day IS
'Of all companies that the reader sees.';

GRANT SELECT ON trade.route_day TO tidemark_app, tidemark_operator;

-- trade.kpi_reasons
-- Reasons by agreement and month.
-- grain:    one row per agreement, reason and month
-- requires: trade.own_reason_month
-- source:   docs/trade.md, "Figures"

CREATE OR REPLACE VIEW trade.kpi_reasons AS
SELECT
    cel.agreement_code,
    cel.reason_code,
    cel.month,
    sum(cel.verdicts)::bigint AS verdicts
FROM trade.own_reason_month AS cel
GROUP BY cel.agreement_code, cel.reason_code, cel.month;

COMMENT ON VIEW trade.kpi_reasons IS
'A verdict counts once for each code.';

GRANT SELECT ON trade.kpi_reasons TO tidemark_app, tidemark_operator;

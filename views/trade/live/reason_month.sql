-- trade.reason_month
-- Why companies did not qualify, month by month.
-- grain:    one row per company, agreement, month and reason
-- requires: nothing
-- source:   docs/trade.md, "Figures"

CREATE OR REPLACE VIEW trade.reason_month WITH (security_invoker = true) AS
SELECT
    ver.tenant_id,
    ver.agreement_code,
    date_trunc('month', ver.decided_at AT TIME ZONE 'UTC')::date AS month,
    own.reason_code,
    count(*) AS verdicts
FROM trade.psra_verdicts AS ver
CROSS JOIN LATERAL (
    SELECT DISTINCT item.reason ->> 'code' AS reason_code FROM jsonb_array_elements(ver.reasons) AS item (reason)
) AS own
GROUP BY ver.tenant_id, ver.agreement_code, date_trunc('month', ver.decided_at AT TIME ZONE 'UTC')::date, own.reason_code;

COMMENT ON VIEW trade.reason_month IS
'A verdict counts once for each code, however often it gives it.';

GRANT SELECT ON trade.reason_month TO tidemark_app, tidemark_operator;

-- trade.ltsd_statistics
-- How the declarations of a company stand on the business day.
-- grain:    one row per company with declarations
-- requires: trade.ltsd_effective_status(), trade.ltsd_next_change_on(), trade.share_of(), refresh.as_of_date()
-- source:   docs/trade.md, "Declarations"

CREATE OR REPLACE VIEW trade.ltsd_statistics WITH (security_invoker = true) AS
WITH clock AS MATERIALIZED (
    SELECT refresh.as_of_date() AS as_of
)

SELECT
    own.tenant_id,
    count(*) AS total,
    count(*) FILTER (WHERE own.effective_status = 'active') AS active,
    count(*) FILTER (WHERE own.effective_status = 'not_yet_valid') AS not_yet_valid,
    count(*) FILTER (WHERE own.effective_status = 'expired') AS expired,
    count(*) FILTER (WHERE own.effective_status = 'revoked') AS revoked,
    count(*) FILTER (WHERE own.effective_status = 'superseded') AS superseded,
    count(*) FILTER (WHERE own.effective_status = 'draft') AS draft,
    count(*) FILTER (WHERE own.ltsd_type = 'preferential') AS preferential,
    count(*) FILTER (WHERE own.ltsd_type = 'non_preferential') AS non_preferential,
    count(*) FILTER (WHERE own.ltsd_type = 'mixed') AS mixed,
    round(avg(own.validity_days), 2) AS average_validity_days,
    trade.share_of(count(*) FILTER (WHERE own.assessment_verdict = 'qualified'), count(own.assessment_verdict)) AS compliance_rate,
    min(own.next_transition) AS next_transition
FROM (
    SELECT
        dec.tenant_id,
        dec.ltsd_type,
        dec.assessment_verdict,
        dec.valid_to - dec.valid_from AS validity_days,
        trade.ltsd_effective_status(dec.status, dec.valid_from, dec.valid_to, clock.as_of) AS effective_status,
        trade.ltsd_next_change_on(dec.status, dec.valid_from, dec.valid_to, clock.as_of) AS next_transition
    FROM trade.ltsd_declarations AS dec
    CROSS JOIN clock
) AS own
GROUP BY own.tenant_id;

COMMENT ON VIEW trade.ltsd_statistics IS
'Counts by what declarations are worth, and by type.';
COMMENT ON COLUMN trade.ltsd_statistics.compliance_rate IS 'Share of qualified ones among those with a verdict; NULL: none has one.';

GRANT SELECT ON trade.ltsd_statistics TO tidemark_app, tidemark_operator;

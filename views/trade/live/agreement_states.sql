-- trade.agreement_states
-- Where each agreement stands on the business day.
-- grain:    one row per agreement
-- requires: trade.agreement_state(), refresh.as_of_date()
-- source:   docs/trade.md, "Rules"

CREATE OR REPLACE VIEW trade.agreement_states AS
WITH clock AS MATERIALIZED (
    SELECT refresh.as_of_date() AS as_of
)

SELECT
    agr.code AS agreement_code,
    trade.agreement_state(agr.effective_date, agr.expiry_date, clock.as_of) AS state,
    CASE trade.agreement_state(agr.effective_date, agr.expiry_date, clock.as_of)
        WHEN 'upcoming' THEN agr.effective_date
        WHEN 'active' THEN agr.expiry_date + 1
    END AS next_transition
FROM trade.agreements AS agr
CROSS JOIN clock;

COMMENT ON VIEW trade.agreement_states IS
'upcoming, active or expired; both ends belong to it.';
COMMENT ON COLUMN trade.agreement_states.next_transition IS 'First later day with another state; NULL: never.';

GRANT SELECT ON trade.agreement_states TO tidemark_app, tidemark_operator;

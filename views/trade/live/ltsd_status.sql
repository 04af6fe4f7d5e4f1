-- trade.ltsd_status
-- What each declaration is worth on the business day.
-- grain:    one row per declaration
-- requires: trade.ltsd_effective_status(), trade.ltsd_days_left(), trade.ltsd_expiry_band(), trade.ltsd_next_change_on()
-- requires: trade.ltsd_warnings(), refresh.as_of_date()
-- source:   docs/trade.md, "Declarations"

CREATE OR REPLACE VIEW trade.ltsd_status WITH (security_invoker = true) AS
WITH clock AS MATERIALIZED (
    SELECT refresh.as_of_date() AS as_of
)

SELECT
    dec.id,
    dec.tenant_id,
    dec.document_ref,
    dec.version,
    dec.valid_to,
    trade.ltsd_effective_status(dec.status, dec.valid_from, dec.valid_to, clock.as_of) AS effective_status,
    trade.ltsd_expiry_band(trade.ltsd_days_left(dec.status, dec.valid_from, dec.valid_to, clock.as_of)) AS expiry_band,
    trade.ltsd_warnings(dec.valid_from, dec.valid_to, dec.issued_at) AS warnings,
    trade.ltsd_next_change_on(dec.status, dec.valid_from, dec.valid_to, clock.as_of) AS next_transition
FROM trade.ltsd_declarations AS dec
CROSS JOIN clock;

COMMENT ON VIEW trade.ltsd_status IS
'Days left are counted when they are read: they change every day.';
COMMENT ON COLUMN trade.ltsd_status.next_transition IS 'First later day on which it is worth something else; NULL: never.';

GRANT SELECT ON trade.ltsd_status TO tidemark_app, tidemark_operator;

-- trade.tenant_state()
-- Where a company stands at an instant.
-- requires: nothing
-- source:   docs/trade.md, "Companies"

CREATE OR REPLACE FUNCTION trade.tenant_state(status text, trial_ends_at timestamptz, as_of timestamptz)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN status = 'trial' AND as_of >= trial_ends_at THEN 'trial_expired' ELSE status END;

COMMENT ON FUNCTION trade.tenant_state IS
'The instant of the end is over.';

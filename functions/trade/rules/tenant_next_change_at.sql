-- trade.tenant_next_change_at()
-- When that changes by time alone; NULL: never.
-- requires: nothing
-- source:   docs/trade.md, "Companies"

CREATE OR REPLACE FUNCTION trade.tenant_next_change_at(status text, trial_ends_at timestamptz, as_of timestamptz)
RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN status = 'trial' AND as_of < trial_ends_at THEN trial_ends_at END;

COMMENT ON FUNCTION trade.tenant_next_change_at IS
'The end of the trial.';

-- trade.ltsd_effective_status()
-- What a declaration is worth on a day.
-- requires: nothing
-- source:   docs/trade.md, "Declarations"

CREATE OR REPLACE FUNCTION trade.ltsd_effective_status(status text, valid_from date, valid_to date, as_of date)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN status <> 'active' THEN status
    WHEN as_of < valid_from THEN 'not_yet_valid'
    WHEN as_of > valid_to THEN 'expired'
    ELSE 'active'
END;

COMMENT ON FUNCTION trade.ltsd_effective_status IS
'The last valid day itself is valid. It supports a shipment while it is active.';

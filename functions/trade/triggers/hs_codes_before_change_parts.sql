-- trade.tg_hs_codes_before_change_parts()
-- Keeps what search looks up in step with the description.
-- requires: trade.hs_parts()
-- source:   docs/trade.md, "Tariff codes"

CREATE OR REPLACE FUNCTION trade.tg_hs_codes_before_change_parts()
RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    NEW.description_parts := trade.hs_parts(NEW.description);
    RETURN NEW;
END;
$$;

COMMENT ON FUNCTION trade.tg_hs_codes_before_change_parts IS
'Whatever the statement says of description_parts is replaced.';

REVOKE ALL ON FUNCTION trade.tg_hs_codes_before_change_parts FROM PUBLIC;

CREATE OR REPLACE TRIGGER hs_codes_before_change_parts
BEFORE INSERT OR UPDATE ON trade.hs_codes
FOR EACH ROW EXECUTE FUNCTION trade.tg_hs_codes_before_change_parts();

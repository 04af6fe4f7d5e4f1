-- trade.tg_rows_before_update_stamp()
-- Notes when a row was changed.
-- requires: nothing
-- source:   docs/trade.md, "Tables"

CREATE OR REPLACE FUNCTION trade.tg_rows_before_update_stamp()
RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    NEW.updated_at := statement_timestamp();
    RETURN NEW;
END;
$$;

COMMENT ON FUNCTION trade.tg_rows_before_update_stamp IS
'An update that gives the instant itself is left as it is.';

REVOKE ALL ON FUNCTION trade.tg_rows_before_update_stamp FROM PUBLIC;

CREATE OR REPLACE TRIGGER tenants_before_update_stamp
BEFORE UPDATE ON trade.tenants
FOR EACH ROW WHEN (old.updated_at = new.updated_at)
EXECUTE FUNCTION trade.tg_rows_before_update_stamp();

CREATE OR REPLACE TRIGGER hs_codes_before_update_stamp
BEFORE UPDATE ON trade.hs_codes
FOR EACH ROW WHEN (old.updated_at = new.updated_at)
EXECUTE FUNCTION trade.tg_rows_before_update_stamp();

CREATE OR REPLACE TRIGGER agreements_before_update_stamp
BEFORE UPDATE ON trade.agreements
FOR EACH ROW WHEN (old.updated_at = new.updated_at)
EXECUTE FUNCTION trade.tg_rows_before_update_stamp();

CREATE OR REPLACE TRIGGER party_members_before_update_stamp
BEFORE UPDATE ON trade.party_members
FOR EACH ROW WHEN (old.updated_at = new.updated_at)
EXECUTE FUNCTION trade.tg_rows_before_update_stamp();

CREATE OR REPLACE TRIGGER psra_rules_before_update_stamp
BEFORE UPDATE ON trade.psra_rules
FOR EACH ROW WHEN (old.updated_at = new.updated_at)
EXECUTE FUNCTION trade.tg_rows_before_update_stamp();

CREATE OR REPLACE TRIGGER assessments_before_update_stamp
BEFORE UPDATE ON trade.assessments
FOR EACH ROW WHEN (old.updated_at = new.updated_at)
EXECUTE FUNCTION trade.tg_rows_before_update_stamp();

CREATE OR REPLACE TRIGGER psra_verdicts_before_update_stamp
BEFORE UPDATE ON trade.psra_verdicts
FOR EACH ROW WHEN (old.updated_at = new.updated_at)
EXECUTE FUNCTION trade.tg_rows_before_update_stamp();

CREATE OR REPLACE TRIGGER ltsd_declarations_before_update_stamp
BEFORE UPDATE ON trade.ltsd_declarations
FOR EACH ROW WHEN (old.updated_at = new.updated_at)
EXECUTE FUNCTION trade.tg_rows_before_update_stamp();

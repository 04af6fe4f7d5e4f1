-- trade.tg_psra_rules_after_change_supersessions()
-- Keeps the table of supersessions in step with the rules.
-- requires: nothing
-- source:   docs/trade.md, "Rules"

CREATE OR REPLACE FUNCTION trade.tg_psra_rules_after_change_supersessions()
RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM trade.rule_supersessions AS sup
        WHERE sup.superseding_rule_id = NEW.rule_id AND NOT sup.superseded_rule_id = ANY(NEW.supersedes);
    END IF;
    INSERT INTO trade.rule_supersessions (superseded_rule_id, superseding_rule_id)
    SELECT DISTINCT listed.rule_id, NEW.rule_id FROM unnest(NEW.supersedes) AS listed (rule_id)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END;
$$;

COMMENT ON FUNCTION trade.tg_psra_rules_after_change_supersessions IS
'A rule that goes takes its rows with it by the foreign key.';

REVOKE ALL ON FUNCTION trade.tg_psra_rules_after_change_supersessions FROM PUBLIC;

CREATE OR REPLACE TRIGGER psra_rules_after_change_supersessions
AFTER INSERT OR UPDATE OF rule_id, supersedes ON trade.psra_rules
FOR EACH ROW EXECUTE FUNCTION trade.tg_psra_rules_after_change_supersessions();

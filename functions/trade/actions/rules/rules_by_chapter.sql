-- trade.rules_by_chapter()
-- All rules of an agreement for a chapter, in the order of lookup.
-- requires: trade.rule_states, refresh.use_as_of(), refresh.as_of_date()
-- source:   docs/trade.md, "Rules"

CREATE OR REPLACE FUNCTION trade.rules_by_chapter(p_agreement text, p_chapter text, p_as_of date DEFAULT refresh.as_of_date())
RETURNS TABLE (
    "position" bigint, -- noqa: RF06
    rule_id text,
    hs_level smallint,
    priority integer,
    state text
)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_day_before text := refresh.use_as_of(p_as_of);
BEGIN
    RETURN QUERY
    SELECT
        row_number() OVER (ORDER BY rul.hs_level DESC, rul.priority, rul.rule_id),
        rul.rule_id::text,
        rul.hs_level,
        rul.priority,
        sta.state
    FROM trade.psra_rules AS rul
    INNER JOIN trade.rule_states AS sta ON rul.rule_id = sta.rule_id
    WHERE rul.agreement_code = p_agreement AND rul.hs_chapter = p_chapter
    ORDER BY rul.hs_level DESC, rul.priority, rul.rule_id;
    PERFORM set_config('tidemark.as_of', v_day_before, TRUE);
END;
$$;

COMMENT ON FUNCTION trade.rules_by_chapter IS
'Whatever their state on p_as_of.';

REVOKE ALL ON FUNCTION trade.rules_by_chapter FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.rules_by_chapter TO tidemark_app, tidemark_operator;

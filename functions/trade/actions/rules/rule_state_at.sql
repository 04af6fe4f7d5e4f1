-- trade.rule_state_at()
-- Where every rule stands on a day of your choice.
-- requires: trade.rule_states, refresh.use_as_of(), refresh.as_of_date()
-- source:   docs/trade.md, "Rules"

CREATE OR REPLACE FUNCTION trade.rule_state_at(p_as_of date DEFAULT refresh.as_of_date())
RETURNS SETOF trade.rule_states
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_day_before text := refresh.use_as_of(p_as_of);
BEGIN
    RETURN QUERY SELECT src.* FROM trade.rule_states AS src;
    PERFORM set_config('tidemark.as_of', v_day_before, TRUE);
END;
$$;

COMMENT ON FUNCTION trade.rule_state_at IS
'trade.rule_states on p_as_of.';

REVOKE ALL ON FUNCTION trade.rule_state_at FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.rule_state_at TO tidemark_app, tidemark_operator;

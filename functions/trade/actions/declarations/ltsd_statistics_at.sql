-- trade.ltsd_statistics_at()
-- How the declarations of companies stand on a day of your choice.
-- requires: trade.ltsd_statistics, refresh.use_as_of(), refresh.as_of_date()
-- source:   docs/trade.md, "Declarations"

CREATE OR REPLACE FUNCTION trade.ltsd_statistics_at(p_as_of date DEFAULT refresh.as_of_date())
RETURNS SETOF trade.ltsd_statistics
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_day_before text := refresh.use_as_of(p_as_of);
BEGIN
    RETURN QUERY SELECT src.* FROM trade.ltsd_statistics AS src;
    PERFORM set_config('tidemark.as_of', v_day_before, TRUE);
END;
$$;

COMMENT ON FUNCTION trade.ltsd_statistics_at IS
'trade.ltsd_statistics on p_as_of.';

REVOKE ALL ON FUNCTION trade.ltsd_statistics_at FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.ltsd_statistics_at TO tidemark_app, tidemark_operator;

-- trade.ltsd_status_at()
-- What each declaration is worth on a day of your choice.
-- requires: trade.ltsd_status, trade.ltsd_days_left(), refresh.use_as_of(), refresh.as_of_date()
-- source:   docs/trade.md, "Declarations"

CREATE OR REPLACE FUNCTION trade.ltsd_status_at(p_as_of date DEFAULT refresh.as_of_date())
RETURNS TABLE (
    id uuid,
    tenant_id uuid,
    effective_status text,
    expiry_band text,
    days_left integer,
    warnings text[],
    next_transition date
)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_day_before text := refresh.use_as_of(p_as_of);
BEGIN
    RETURN QUERY
    SELECT sta.id, sta.tenant_id, sta.effective_status, sta.expiry_band,
        trade.ltsd_days_left(dec.status, dec.valid_from, dec.valid_to, p_as_of), sta.warnings, sta.next_transition
    FROM trade.ltsd_status AS sta
    INNER JOIN trade.ltsd_declarations AS dec ON sta.id = dec.id;
    PERFORM set_config('tidemark.as_of', v_day_before, TRUE);
END;
$$;

COMMENT ON FUNCTION trade.ltsd_status_at IS
'Of the companies that the reader sees.';

REVOKE ALL ON FUNCTION trade.ltsd_status_at FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.ltsd_status_at TO tidemark_app, tidemark_operator;

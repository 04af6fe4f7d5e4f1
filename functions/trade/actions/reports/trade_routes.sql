-- trade.trade_routes()
-- Verdicts on the ways from country to country.
-- requires: trade.sees_every_tenant(), trade.routes_of_company(), trade.route_by_pair, trade.route_day_by_pair, trade.share_of()
-- source:   docs/trade.md, "Figures"

CREATE OR REPLACE FUNCTION trade.trade_routes(p_from date DEFAULT NULL, p_to date DEFAULT NULL)
RETURNS TABLE (
    "position" bigint, -- noqa: RF06
    export_country text,
    import_country text,
    verdicts bigint,
    qualified bigint,
    disqualified bigint,
    manual_review bigint,
    qualification_rate numeric,
    avg_confidence numeric,
    first_effective_date date,
    last_effective_date date
)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    IF NOT trade.sees_every_tenant() THEN
        -- a company sees what it did itself: fewer rows, read by its index
        RETURN QUERY
        SELECT rou.* FROM trade.routes_of_company(p_from, p_to) AS rou;
    ELSIF p_from IS NULL AND p_to IS NULL THEN
        RETURN QUERY
        SELECT
            row_number() OVER (ORDER BY rou.verdicts DESC, rou.export_country, rou.import_country),
            rou.export_country::text, rou.import_country::text, rou.verdicts, rou.qualified, rou.disqualified, rou.manual_review,
            trade.share_of(rou.qualified, rou.verdicts), trade.share_of(rou.confidence_sum, rou.verdicts),
            rou.first_effective_date, rou.last_effective_date
        FROM trade.route_by_pair_as_of AS rou
        ORDER BY rou.verdicts DESC, rou.export_country, rou.import_country;
    ELSE
        RETURN QUERY
        SELECT
            row_number() OVER (ORDER BY sum(day.verdicts) DESC, day.export_country, day.import_country),
            day.export_country::text, day.import_country::text, sum(day.verdicts)::bigint, sum(day.qualified)::bigint,
            sum(day.disqualified)::bigint, sum(day.manual_review)::bigint,
            trade.share_of(sum(day.qualified), sum(day.verdicts)), trade.share_of(sum(day.confidence_sum), sum(day.verdicts)),
            min(day.effective_date), max(day.effective_date)
        FROM trade.route_day_by_pair_as_of AS day
        WHERE day.effective_date >= coalesce(p_from, '-infinity') AND day.effective_date <= coalesce(p_to, 'infinity')
        GROUP BY day.export_country, day.import_country
        ORDER BY 4 DESC, day.export_country, day.import_country;
    END IF;
END;
$$;

COMMENT ON FUNCTION trade.trade_routes IS
'By effective date, both ends included; NULL: open. Most verdicts first. Of the companies that the reader sees.';

REVOKE ALL ON FUNCTION trade.trade_routes FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.trade_routes TO tidemark_app, tidemark_operator;

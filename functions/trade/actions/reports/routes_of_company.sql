-- trade.routes_of_company()
-- Verdicts on ways, counted from the verdicts that the reader sees.
-- requires: trade.route_day, trade.share_of()
-- source:   docs/trade.md, "Figures"

CREATE OR REPLACE FUNCTION trade.routes_of_company(p_from date, p_to date)
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
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT
        row_number() OVER (ORDER BY sum(day.verdicts) DESC, day.export_country, day.import_country),
        day.export_country::text, day.import_country::text, sum(day.verdicts)::bigint, sum(day.qualified)::bigint,
        sum(day.disqualified)::bigint, sum(day.manual_review)::bigint,
        trade.share_of(sum(day.qualified), sum(day.verdicts)), trade.share_of(sum(day.confidence_sum), sum(day.verdicts)),
        min(day.effective_date), max(day.effective_date)
    FROM trade.route_day AS day
    WHERE day.effective_date >= coalesce(p_from, '-infinity') AND day.effective_date <= coalesce(p_to, 'infinity')
    GROUP BY day.export_country, day.import_country
    ORDER BY sum(day.verdicts) DESC, day.export_country, day.import_country;
END;

COMMENT ON FUNCTION trade.routes_of_company IS
'What trade.trade_routes() answers to a company.';

REVOKE ALL ON FUNCTION trade.routes_of_company FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.routes_of_company TO tidemark_app, tidemark_operator;

-- trade.trade_route_of()
-- Verdicts on one way from country to country.
-- requires: trade.trade_routes()
-- source:   docs/trade.md, "Figures"

CREATE OR REPLACE FUNCTION trade.trade_route_of(p_export_country text, p_import_country text, p_from date DEFAULT NULL, p_to date DEFAULT NULL)
RETURNS TABLE (
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
        rou.export_country, rou.import_country, rou.verdicts, rou.qualified, rou.disqualified, rou.manual_review, rou.qualification_rate,
        rou.avg_confidence, rou.first_effective_date, rou.last_effective_date
    FROM trade.trade_routes(p_from, p_to) AS rou
    WHERE rou.export_country = p_export_country AND rou.import_country = p_import_country;
END;

COMMENT ON FUNCTION trade.trade_route_of IS
'The row of trade.trade_routes(), without its position. No verdict: no row.';

REVOKE ALL ON FUNCTION trade.trade_route_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION trade.trade_route_of TO tidemark_app, tidemark_operator;

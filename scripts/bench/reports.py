"""Reports of model_risk: live, stored, and the loop over one model at a time that they replace.

The loop runs inside the server (a DO block), so it pays no round trips: an application that asks for one model
after the other is slower still. Above --loop-models models it is measured on a sample and scaled, and says so.

    scripts/generate.py model_risk --size 100000 && tidemark refresh && python scripts/bench/reports.py
"""

from __future__ import annotations

from common import Report, connect, in_turn, median, parser, timed

LOOP = """
DO $$
DECLARE v_model record;
BEGIN
    FOR v_model IN SELECT model_id FROM model_risk.models ORDER BY model_id LIMIT {sample} LOOP
        PERFORM model_risk.revalidation_status_of(v_model.model_id);
    END LOOP;
END $$
"""

QUERIES = {
    "status of all models": "SELECT count(sta) FROM model_risk.model_status AS sta",
    "KPI, all regions and teams": "SELECT count(*) FROM model_risk.kpi_report()",
    "KPI, one region and team": "SELECT count(*) FROM model_risk.kpi_report(1, 1)",
    "regional report, all": "SELECT count(*) FROM model_risk.regional_compliance_report()",
    "regional report, one region": "SELECT count(*) FROM model_risk.regional_compliance_report('US')",
    "attestation list, 100 cycles": "SELECT count(*) FROM model_risk.attestation_cycle_list()",
}
STORED = {"status of all models": "SELECT count(sta) FROM model_risk.model_status_by_model AS sta"}


def main() -> None:
    arguments = parser(__doc__ or "")
    arguments.add_argument("--as-of", default="2025-06-30", help="the day the stored views were refreshed for")
    arguments.add_argument("--loop-models", type=int, default=100_000, metavar="N", help="models the loop visits")
    given = arguments.parse_args()
    with connect(given.dsn) as connection:
        connection.execute(
            "SELECT set_config('tidemark.clock', 'session', false), set_config('tidemark.as_of', %s, false)",
            [given.as_of],
        )
        models = connection.execute("SELECT count(*) FROM model_risk.models").fetchone()[0]
        sample = min(models, given.loop_models)
        version = connection.execute("SHOW server_version").fetchone()[0]
        report = Report("Reports", {"models": models, "server": version, "loop sample": sample})
        loop_ms = timed(lambda: connection.execute(LOOP.format(sample=sample))) * models / sample
        report.add("loop over revalidation_status_of()", live_ms=loop_ms)
        for what, query in QUERIES.items():

            def run(source: str, text: str) -> None:
                connection.execute("SELECT set_config('tidemark.source', %s, false)", [source])
                connection.execute(text).fetchall()

            measured = in_turn(
                given.runs,
                live=lambda: run("live", query),
                stored=lambda: run("stored", STORED.get(what, query)),
            )
            live, stored = median(measured["live"]), median(measured["stored"])
            report.add(
                what,
                live_ms=live,
                stored_ms=stored,
                loop_by_live=loop_ms / live,
                loop_by_stored=loop_ms / stored,
                live_by_stored=live / stored,
            )
        report.print(given.json)


if __name__ == "__main__":
    main()

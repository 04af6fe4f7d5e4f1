"""The KPI answer for one region and team from storage, asked by pgbench: requests per second and percentiles.

Each request asks for another region and team. The same query is timed live once, for the ratio, unless --no-live.
"""

from __future__ import annotations

from common import Report, connect, median, one, parser, percentile, pgbench, timed

REQUEST = """\\set region random(1, :regions)
\\set team random(0, :teams)
SELECT * FROM model_risk.kpi_report(:region, :team, refresh.as_of_date());
"""


def main() -> None:
    arguments = parser(__doc__ or "")
    arguments.add_argument("--as-of", default="2025-06-30", help="the day of rules")
    arguments.add_argument("--clients", type=int, default=8, metavar="N")
    arguments.add_argument("--seconds", type=int, default=10, metavar="N", help="length of one measurement (10)")
    arguments.add_argument(
        "--no-live", action="store_true", help="do not compute the answer live, which may take minutes"
    )
    given = arguments.parse_args()
    connection = connect(given.dsn)
    connection.execute(
        "SELECT set_config('tidemark.clock', 'session', false), set_config('tidemark.as_of', %s, false)",
        [given.as_of],
    )
    models, version = one(connection, "SELECT count(*), current_setting('server_version') FROM model_risk.models")
    regions, teams = one(
        connection,
        "SELECT (SELECT max(region_id) FROM model_risk.regions), (SELECT max(team_id) FROM model_risk.teams)",
    )
    report = Report("KPI answer", {"models": models, "server": version, "clients": given.clients})
    limits = {"regions": regions, "teams": teams}
    settings = {"tidemark.as_of": given.as_of}
    rounds = [
        pgbench(connection.info.dsn, REQUEST, given.clients, given.seconds, limits, **settings)
        for _ in range(given.runs)
    ]
    stored = median([median(one_round) for one_round in rounds])
    report.add(
        "stored", requests_per_s=median([len(one_round) / given.seconds for one_round in rounds]), p50_ms=stored,
        p99_ms=median([percentile(one_round, 99) for one_round in rounds]),
    )  # fmt: skip
    if not given.no_live:
        connection.execute("SELECT set_config('tidemark.source', 'live', false)")
        live = timed(lambda: connection.execute("SELECT * FROM model_risk.kpi_report(1, 1)").fetchall())
        connection.execute("SELECT set_config('tidemark.source', 'stored', false)")
        alone = timed(lambda: connection.execute("SELECT * FROM model_risk.kpi_report(1, 1)").fetchall())
        report.add("one request, nobody else", live_ms=live, stored_ms=alone, times=live / alone)
    report.print(given.json)


if __name__ == "__main__":
    main()

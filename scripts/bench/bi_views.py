"""Every view of schema bi, read whole: with just-in-time compilation as the server has it, and without.

A dashboard reads these views; where estimates are far off, PostgreSQL compiles for seconds what runs in milliseconds.
The embedded server cannot compile, so the figures that matter come from a packaged one:

    python scripts/bench/bi_views.py --dsn "host=/var/run/postgresql dbname=bank"

rows: what the view gives; estimated: what the planner expected; ratio: as it is, divided by without.
"""

from __future__ import annotations

from common import Report, connect, in_turn, median, one, parser
from psycopg import sql

VIEWS = """
SELECT c.relname FROM pg_catalog.pg_class AS c
WHERE c.relnamespace = to_regnamespace('bi') AND c.relkind = 'v' ORDER BY c.relname
"""


def main() -> None:
    arguments = parser(__doc__ or "")
    arguments.add_argument("--as-of", metavar="DAY", help="ask for that day, which reads live (today, stored)")
    given = arguments.parse_args()
    with connect(given.dsn) as connection:
        version, is_available, jit = one(
            connection, "SELECT current_setting('server_version'), pg_jit_available(), current_setting('jit')"
        )
        if given.as_of:
            connection.execute("SELECT set_config('tidemark.as_of', %s, false)", [given.as_of])
        report = Report("Views of bi", {"server": version, "jit": jit, "compiler": "yes" if is_available else "no"})
        for (name,) in connection.execute(VIEWS).fetchall():
            query = sql.SQL("SELECT * FROM bi.{}").format(sql.Identifier(name))
            plan = one(connection, "EXPLAIN (FORMAT json) " + query.as_string(connection))[0][0]["Plan"]

            def read(setting: str, query: sql.Composed = query) -> int:
                connection.execute("SELECT set_config('jit', %s, false)", [setting])
                return len(connection.execute(query).fetchall())

            rows = read(jit)
            measured = in_turn(given.runs, as_it_is=lambda: read(jit), without=lambda: read("off"))
            as_it_is, without = median(measured["as_it_is"]), median(measured["without"])
            report.add(
                name,
                rows=rows,
                estimated=plan["Plan Rows"],
                cost=plan["Total Cost"],
                ms=as_it_is,
                without_jit_ms=without,
                ratio=as_it_is / without,
            )
        report.print(given.json)


if __name__ == "__main__":
    main()

"""What many stored views over one table cost: ticks with nothing to do, ticks after one change that concerns all, and writers.

Makes a schema tidemark_bench with one table and --views stored views, and drops it at the end: use a database of its own.

    python scripts/bench/refresh_many.py --views 200
"""

from __future__ import annotations

import random
from typing import Any

import psycopg
from common import Report, connect, median, one, parser, percentile, timed

SCHEMA = """
SELECT refresh.drop_view(view_name) FROM refresh.stored_views WHERE view_name LIKE 'tidemark\\_bench.%';
DROP SCHEMA IF EXISTS tidemark_bench CASCADE;
CREATE SCHEMA tidemark_bench;
CREATE TABLE tidemark_bench.account (account_id integer PRIMARY KEY, region integer NOT NULL, amount integer NOT NULL);
CREATE INDEX ON tidemark_bench.account (region);
INSERT INTO tidemark_bench.account SELECT n, n % 1000, n % 97 FROM generate_series(1, %(rows)s) AS n;
"""
VIEW = """
CREATE VIEW tidemark_bench.live_{n} AS
SELECT region, sum(amount) AS amount, count(*) FILTER (WHERE amount > {n}) AS above FROM tidemark_bench.account GROUP BY region;
SELECT refresh.store('tidemark_bench.region_{n}', 'tidemark_bench.live_{n}', key => '{{region}}', target_lag => '1 minute');
SELECT refresh.affects('tidemark_bench.account', 'tidemark_bench.region_{n}', 'SELECT region FROM changed');
"""
SINGLE = "UPDATE tidemark_bench.account SET amount = amount + 1 WHERE account_id = %s"
LARGE = "UPDATE tidemark_bench.account SET amount = amount + 1 WHERE account_id <= 10000"


def declare(connection: psycopg.Connection[Any], first: int, last: int) -> None:
    for number in range(first, last):
        with connection.transaction():
            connection.execute(VIEW.format(n=number))
    connection.execute("CALL refresh.tick()")


def writers(connection: psycopg.Connection[Any], rows: int, runs: int) -> tuple[float, float]:
    """Milliseconds of an update of one row (mean of 200) and of 10,000 rows; medians."""
    singles, large = [], []
    for _ in range(runs):
        chosen = [random.randint(1, rows) for _ in range(200)]
        singles.append(timed(lambda: [connection.execute(SINGLE, [row], prepare=True) for row in chosen]) / 200)
        large.append(timed(lambda: connection.execute(LARGE)))
        connection.execute("VACUUM tidemark_bench.account")
    return median(singles), median(large)


def ticks(connection: psycopg.Connection[Any], runs: int, *, change: bool) -> list[float]:
    result = []
    for _ in range(runs):
        if change:
            connection.execute(SINGLE, [random.randint(1, 1000)])
        result.append(timed(lambda: connection.execute("CALL refresh.tick()")))
    return result


def main() -> None:
    arguments = parser(__doc__ or "")
    arguments.add_argument("--views", type=int, default=200, metavar="N", help="stored views over the table (200)")
    arguments.add_argument("--rows", type=int, default=100_000, metavar="N", help="rows of the table (100000)")
    given = arguments.parse_args()
    connection = connect(given.dsn)
    connection.execute(SCHEMA.replace("%(rows)s", str(given.rows)))
    connection.execute("ANALYZE tidemark_bench.account")
    names = "fsync", "synchronous_commit", "server_version"
    report = Report(
        "Many stored views over one table",
        {"rows": given.rows, **{name: one(connection, "SELECT current_setting(%s)", [name])[0] for name in names}},
    )
    try:
        bare = writers(connection, given.rows, given.runs)
        report.add("no view", single_ms=bare[0], large_ms=bare[1])
        done = 0
        for count in sorted({1, 4, 30, given.views}):
            declare(connection, done, count)
            done = count
            single, large = writers(connection, given.rows, given.runs)
            connection.execute("CALL refresh.tick()")
            busy = ticks(connection, given.runs, change=True)
            idle = ticks(connection, given.runs, change=False)
            report.add(
                f"{count} views", single_ms=single, single_ratio=single / bare[0], large_ms=large,
                large_ratio=large / bare[1], idle_tick_ms=median(idle), idle_worst_ms=percentile(idle, 100),
                tick_of_one_change_ms=median(busy), first_ms=busy[0],
            )  # fmt: skip
    finally:
        for number in range(done):
            connection.execute("SELECT refresh.drop_view(%s)", [f"tidemark_bench.region_{number}"])
        connection.execute("DROP SCHEMA tidemark_bench CASCADE")
    report.print(given.json)


if __name__ == "__main__":
    main()

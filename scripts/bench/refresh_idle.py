"""What a run costs when there is nothing to do: milliseconds and bytes of WAL of each stored view.

The bytes are those between two positions of the whole server, so measure while nobody else writes; the smallest of
the runs counts, for the server itself writes now and then.
"""

from __future__ import annotations

import time

from common import Report, connect, median, one, parser, percentile


def main() -> None:
    arguments = parser(__doc__ or "")
    arguments.add_argument("--as-of", default="2025-06-30", help="the day of rules")
    given = arguments.parse_args()
    connection = connect(given.dsn)
    connection.execute(
        "SELECT set_config('tidemark.clock', 'session', false), set_config('tidemark.as_of', %s, false)",
        [given.as_of],
    )
    connection.execute("CALL refresh.run_due()")
    models, version = one(connection, "SELECT count(*), current_setting('server_version') FROM model_risk.models")
    report = Report("Nothing changed", {"models": models, "server": version, "runs": given.runs})
    views = [row[0] for row in connection.execute("SELECT view_name FROM refresh.stored_views ORDER BY view_name")]
    for view in views:
        times, bytes_written = [], []
        for _ in range(given.runs + 1):
            before = one(connection, "SELECT pg_current_wal_insert_lsn()")[0]
            began = time.perf_counter()
            mode = one(connection, "SELECT mode FROM refresh.run(%s)", [view])[0]
            times.append((time.perf_counter() - began) * 1000)
            if mode != "none":
                raise SystemExit(f"{view}: somebody changed something, the run was {mode}")
            bytes_written.append(
                one(connection, "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), %s)", [before])[0]
            )
        # the first run of a session reads the catalogue and makes plans
        report.add(
            view, first_ms=times[0], median_ms=median(times[1:]), worst_ms=percentile(times[1:], 100),
            wal_bytes=int(min(bytes_written)),
        )  # fmt: skip
    times = []
    for _ in range(given.runs):
        began = time.perf_counter()
        connection.execute("CALL refresh.tick()")
        times.append((time.perf_counter() - began) * 1000)
    report.add(f"tick over {len(views)} views", median_ms=median(times), worst_ms=percentile(times, 100))
    report.print(given.json)


if __name__ == "__main__":
    main()

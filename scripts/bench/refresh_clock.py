"""A walk of the clock, day by day: each day may touch only the rows whose next change was due, and must be right.

Counts, before each day's tick, the rows of every view with a due column that have come due, and compares that with the
keys the run recomputed. Each --verify-every days all stored views are compared with their live twins.

    python scripts/bench/refresh_clock.py --days 400
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from common import Report, connect, median, one, parser, percentile, timed


def main() -> None:
    arguments = parser(__doc__ or "")
    arguments.add_argument("--from", dest="start", type=date.fromisoformat, default=date(2025, 6, 30), metavar="DAY")
    arguments.add_argument("--days", type=int, default=400, metavar="N", help="steps of one day (400)")
    arguments.add_argument(
        "--verify-every", type=int, default=10, metavar="N", help="days between full compares (10)"
    )
    given = arguments.parse_args()
    connection = connect(given.dsn)
    connection.execute(
        "SELECT set_config('tidemark.clock', 'session', false), set_config('tidemark.as_of', %s, false)",
        [given.start.isoformat()],
    )
    connection.execute("CALL refresh.tick(NULL)")
    views = connection.execute(
        "SELECT view_name, storage_name, due_column FROM refresh.stored_views WHERE due_column IS NOT NULL ORDER BY 1"
    ).fetchall()
    models, version = one(connection, "SELECT count(*), current_setting('server_version') FROM model_risk.models")
    report = Report("Clock walk", {"models": models, "server": version, "days": given.days})
    due_total: Counter[str] = Counter()
    keys_total: Counter[str] = Counter()
    unequal_days: Counter[str] = Counter()
    ticks, verified, different = [], 0, []
    for number in range(1, given.days + 1):
        day = given.start + timedelta(days=number)
        connection.execute(
            "SELECT set_config('tidemark.clock', 'session', false), set_config('tidemark.as_of', %s, false)",
            [day.isoformat()],
        )
        due = {
            view: one(connection, f"SELECT count(*) FROM {storage} WHERE {column} <= %s", [day])[0]
            for view, storage, column in views
        }
        last = one(connection, "SELECT coalesce(max(run_id), 0) FROM refresh.runs")[0]
        ticks.append(timed(lambda: connection.execute("CALL refresh.tick(NULL)")))
        runs = connection.execute(
            "SELECT view_name, coalesce(sum(key_count), 0)::bigint, count(*) FILTER (WHERE mode <> 'keys') "
            "FROM refresh.runs WHERE run_id > %s GROUP BY view_name",
            [last],
        ).fetchall()
        keys = {view: count for view, count, _ in runs}
        whole = {view for view, _, wholes in runs if wholes}
        for view, count in due.items():
            due_total[view] += count
            touched = count if view in whole and count == 1 else keys.get(view, 0)  # a view of one row is one row
            keys_total[view] += touched
            unequal_days[view] += touched != count
        if given.verify_every and number % given.verify_every == 0:
            verified += 1
            different += [
                f"{day}: {row[0]}"
                for row in connection.execute(
                    "SELECT sv.view_name FROM refresh.stored_views AS sv, refresh.verify(sv.view_name) AS ver "
                    "WHERE NOT ver.is_equal"
                )
            ]
    for view, _, _ in views:
        report.add(view, rows_due=due_total[view], rows_touched=keys_total[view], days_that_differ=unequal_days[view])
    report.add("tick", p50_ms=median(ticks), p99_ms=percentile(ticks, 99), max_ms=max(ticks))
    report.add("verified days, all views", count=verified, differences=len(different))
    report.print(given.json)
    if different or any(unequal_days.values()):
        raise SystemExit(
            "the walk was not as promised: " + "; ".join(different or ["rows touched are not the rows due"])
        )


if __name__ == "__main__":
    main()

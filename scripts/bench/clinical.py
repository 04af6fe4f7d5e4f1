"""Reads of clinical: all trackers of an effort, first and last page, progress stored and live, and many clients at once.

Beside each stands what it replaces: one statement a tracker for what belongs to it, as applications do it. Needs rows of
`scripts/generate.py clinical`; changes statuses of trackers and nothing else.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from typing import Any

import psycopg
from common import Report, connect, in_turn, median, one, parser, percentile

Connection = psycopg.Connection[Any]
# What one tracker of a list needs, asked one after the other.
BY_ROW = [
    "SELECT * FROM clinical.reporting_effort_items WHERE id = (SELECT reporting_effort_item_id FROM clinical.reporting_effort_item_tracker WHERE id = %s)",
    "SELECT txt.label FROM clinical.reporting_effort_item_tracker AS trk JOIN clinical.reporting_effort_tlf_details USING (reporting_effort_item_id)"
    " JOIN clinical.text_elements AS txt ON txt.id = title_id WHERE trk.id = %s",
    "SELECT usr.username FROM clinical.users AS usr JOIN clinical.reporting_effort_item_tracker AS trk"
    " ON usr.id IN (trk.production_programmer_id, trk.qc_programmer_id) WHERE trk.id = %s",
    "SELECT tag.* FROM clinical.tracker_tags AS tag JOIN clinical.tracker_item_tags AS lnk ON lnk.tag_id = tag.id WHERE lnk.tracker_id = %s",
    "SELECT count(*) FROM clinical.tracker_comments WHERE tracker_id = %s",
]


WRITE_SHARE = 0.1


class Clients:
    """Sessions that read and write until the time is over; what they waited for. ``think``: mean seconds between calls."""

    def __init__(self, dsn: str | None, actor: int, efforts: list[int], seconds: float, think: float) -> None:
        self.dsn, self.actor, self.efforts, self.seconds, self.think = dsn, actor, efforts, seconds, think
        self.waits: dict[str, list[float]] = {"page": [], "bulk": [], "progress": [], "update": []}
        self.errors: Counter[str] = Counter()
        self._lock = threading.Lock()

    def work(self, number: int) -> None:
        chance = random.Random(number)
        waits: dict[str, list[float]] = {name: [] for name in self.waits}
        with connect(self.dsn) as connection:
            until = time.monotonic() + self.seconds
            while time.monotonic() < until:
                if self.think:
                    time.sleep(chance.expovariate(1 / self.think))
                effort = chance.choice(self.efforts)
                what = (
                    "update" if chance.random() < WRITE_SHARE else chance.choice(["page", "page", "bulk", "progress"])
                )
                began = time.perf_counter()
                try:
                    self.once(connection, what, effort, chance)
                    waits[what].append((time.perf_counter() - began) * 1000)
                except psycopg.Error as error:
                    with self._lock:
                        self.errors[error.sqlstate or "?"] += 1
        with self._lock:
            for name, found in waits.items():
                self.waits[name] += found

    def once(self, connection: Connection, what: str, effort: int, chance: random.Random) -> None:
        if what == "page":
            connection.execute("SELECT clinical.tracker_page(%s, %s, p_sort => 'due_date')", [self.actor, effort])
        elif what == "bulk":
            connection.execute("SELECT * FROM clinical.tracker_bulk(%s, %s)", [self.actor, effort])
        elif what == "progress":
            connection.execute("SELECT * FROM clinical.effort_progress_of(%s, %s)", [self.actor, effort])
        else:
            connection.execute(
                """
                SELECT done.status FROM (
                    SELECT id FROM clinical.reporting_effort_item_tracker WHERE reporting_effort_id = %s ORDER BY id LIMIT 1 OFFSET %s
                ) AS trk CROSS JOIN LATERAL clinical.update_tracker(%s, trk.id, jsonb_build_object('production_status', %s::text)) AS done
                """,
                [effort, chance.randint(0, 200), self.actor, chance.choice(["in_progress", "on_hold", "completed"])],
            )


def by_row(connection: Connection, effort: int) -> None:
    for (tracker,) in connection.execute(
        "SELECT id FROM clinical.reporting_effort_item_tracker WHERE reporting_effort_id = %s", [effort]
    ).fetchall():
        for statement in BY_ROW:
            connection.execute(statement, [tracker]).fetchall()


def last_cursor(connection: Connection, actor: int, effort: int, sort: str) -> str | None:
    cursor, following = None, None
    while True:
        cursor = following
        (following,) = one(
            connection,
            "SELECT next_cursor FROM clinical.tracker_page(%s, %s, '{id}', '{}', %s, 'asc', 100, %s)",
            [actor, effort, sort, cursor],
        )
        if following is None:
            return cursor


def main() -> None:
    arguments = parser(__doc__ or "")
    arguments.add_argument("--clients", type=int, default=100, metavar="N", help="sessions at once (100)")
    arguments.add_argument("--seconds", type=float, default=20, metavar="S", help="how long they work (20)")
    arguments.add_argument("--think", type=float, default=0, metavar="S", help="mean pause between calls (0)")
    arguments.add_argument("--clients-only", action="store_true", help="leave out the single calls")
    given = arguments.parse_args()
    connection = connect(given.dsn)
    (actor,) = one(connection, "SELECT min(id) FROM clinical.users WHERE clinical.visibility_of(id) = 'all'")
    sizes = connection.execute(
        "SELECT reporting_effort_id, trackers_total FROM clinical.effort_progress_of(%s) WHERE trackers_total > 0",
        [actor],
    ).fetchall()
    thousand, items = min(sizes, key=lambda size: abs(size[1] - 1000))
    largest, most = max(sizes, key=lambda size: size[1])
    report = Report(
        "Reads of clinical",
        {
            "trackers": sum(size[1] for size in sizes), "efforts": len(sizes), "largest": most, "effort_of_bulk": items,
            "server": one(connection, "SELECT current_setting('server_version')")[0],
        },
    )  # fmt: skip
    cursors = {sort: last_cursor(connection, actor, largest, sort) for sort in ("id", "due_date", "priority")}

    def ask(statement: str, *parameters: Any) -> Any:
        return lambda: connection.execute(statement, list(parameters))  # received whole, not converted

    page = "SELECT clinical.tracker_page(%s, %s, p_sort => %s, p_cursor => %s)"
    works: dict[str, Any] = {
        f"all trackers of {items}": ask("SELECT * FROM clinical.tracker_bulk(%s, %s)", actor, thousand),
        f"{items} trackers row by row": lambda: by_row(connection, thousand),
        "progress, all efforts, stored": ask("SELECT * FROM clinical.effort_progress_of(%s)", actor),
        "progress, all efforts, live": ask("SELECT * FROM clinical.effort_progress WHERE visibility = 'all'"),
        "workload, all users": ask("SELECT * FROM clinical.programmer_workload_of(%s)", actor),
        "pairs of programmers, live": ask("SELECT * FROM clinical.workload_pairs_of(%s)", actor),
        "dashboard of a user": ask("SELECT * FROM clinical.user_dashboard_of(%s, %s)", actor, actor),
        "due states, all efforts": ask("SELECT * FROM clinical.effort_due_summary_of(%s)", actor),
        "findings, all efforts": ask("SELECT count(*) FROM clinical.findings_of(%s)", actor),
    }
    for sort, cursor in cursors.items():
        works[f"first page of {most} by {sort}"] = ask(page, actor, largest, sort, None)
        works[f"last page of {most} by {sort}"] = ask(page, actor, largest, sort, cursor)
    for name, values in in_turn(given.runs, **({} if given.clients_only else works)).items():
        report.add(name, median_ms=median(values), max_ms=max(values))

    clients = Clients(given.dsn, actor, [size[0] for size in sizes], given.seconds, given.think)
    threads = [threading.Thread(target=clients.work, args=(number,)) for number in range(given.clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for name, waits in clients.waits.items():
        if waits:
            report.add(
                f"{given.clients} clients: {name}",
                count=len(waits),
                median_ms=median(waits),
                p95_ms=percentile(waits, 95),
                p99_ms=percentile(waits, 99),
                max_ms=max(waits),
            )
    report.add(
        "outcome", deadlocks=clients.errors["40P01"], other_errors=clients.errors.total() - clients.errors["40P01"],
        progress_is_equal=str(one(connection, "SELECT is_equal FROM refresh.verify('clinical.effort_progress_by_effort')")[0]),
    )  # fmt: skip
    report.print(given.json)


if __name__ == "__main__":
    main()

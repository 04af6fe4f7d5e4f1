"""What capture costs those who write: the same updates with the capture triggers on and off, in turn.

Single-row updates by one session, 10,000 rows in one statement, and --clients sessions at once, each on rows of its
own. The queues are emptied between the measurements, outside the clock. Switches the triggers of
model_risk.validation_requests and changes its rows: use a database made for it.

    python scripts/bench/refresh_capture.py --clients 8 --seconds 5
"""

from __future__ import annotations

import threading
import time
from typing import Any

import psycopg
from common import Report, connect, median, one, parser, timed

TABLE = "model_risk.validation_requests"
UPDATE = f"UPDATE {TABLE} SET updated_at = updated_at + interval '1 second'"


class Capture:
    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._triggers = [
            row[0]
            for row in connection.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND starts_with(tgname, 'refresh_capture_')",
                [TABLE],
            )
        ]
        self._queues = [
            row[0]
            for row in connection.execute(
                "SELECT queue_name FROM refresh.view_sources WHERE source_name = %s AND queue_name IS NOT NULL "
                "UNION ALL SELECT 'refresh_data.marks_' || view_id FROM refresh.view_sources "
                "WHERE source_name = %s AND mapping_kind = 'all'",
                [TABLE, TABLE],
            )
        ]
        if not self._triggers:
            raise SystemExit(f"{TABLE} has no capture triggers: run `tidemark apply` first")

    @property
    def queue_count(self) -> int:
        return len(self._queues)

    def switch(self, on: bool) -> None:
        word = "ENABLE" if on else "DISABLE"
        self._connection.execute(
            f"ALTER TABLE {TABLE} " + ", ".join(f"{word} TRIGGER {trigger}" for trigger in self._triggers)
        )
        self._connection.execute(f"DELETE FROM {'; DELETE FROM '.join(self._queues)}")
        self._connection.execute(f"VACUUM {TABLE}")
        self._connection.execute("CHECKPOINT")


def singles(connection: psycopg.Connection[Any], first: int, last: int, seconds: float) -> int:
    """Number of single-row updates within that time, each a transaction."""
    count, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        connection.execute(UPDATE + " WHERE request_id = %s", [first + count * 7 % (last - first)])
        count += 1
    return count


def crowd(dsn: str, clients: int, requests: int, seconds: float) -> float:
    """Transactions a second of all clients, each on its own share of the rows."""
    counts = [0] * clients
    share = requests // clients
    sessions = [connect(dsn) for _ in range(clients)]

    def work(number: int) -> None:
        counts[number] = singles(sessions[number], 1 + number * share, (number + 1) * share, seconds)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for session in sessions:
        session.close()
    return sum(counts) / seconds


def main() -> None:
    arguments = parser(__doc__ or "")
    arguments.add_argument("--clients", type=int, default=8, metavar="N", help="sessions that write at once (8)")
    arguments.add_argument("--seconds", type=float, default=5, metavar="N", help="length of one measurement (5)")
    arguments.add_argument("--rows", type=int, default=10_000, metavar="N", help="rows of the large update (10000)")
    given = arguments.parse_args()
    connection = connect(given.dsn)
    connection.execute("SET plan_cache_mode = force_generic_plan")
    capture = Capture(connection)
    requests = one(connection, f"SELECT max(request_id) FROM {TABLE}")[0]
    names = "fsync", "synchronous_commit", "server_version"
    facts = {name: one(connection, "SELECT current_setting(%s)", [name])[0] for name in names}
    report = Report("Capture", {"requests": requests, "queues": capture.queue_count, **facts})
    measured: dict[tuple[str, bool], list[float]] = {}
    try:
        for run in range(given.runs):
            for on in (True, False) if run % 2 else (False, True):
                capture.switch(on)
                one_session = given.seconds * 1000 / singles(connection, 1, requests, given.seconds)
                measured.setdefault(("single row", on), []).append(one_session)
                large = timed(lambda: connection.execute(UPDATE + " WHERE request_id <= %s", [given.rows]))
                measured.setdefault(("large", on), []).append(large)
                together = 1000 / crowd(connection.info.dsn, given.clients, requests, given.seconds)
                measured.setdefault(("crowd", on), []).append(together)
    finally:
        capture.switch(True)
    for name, what in (
        ("single row", "single-row update, one session"),
        ("large", f"{given.rows}-row update"),
        ("crowd", f"single-row updates, {given.clients} sessions, ms per update"),
    ):
        off, on_ = median(measured[name, False]), median(measured[name, True])
        report.add(what, without_ms=off, with_ms=on_, time_ratio=on_ / off, throughput_ratio=off / on_)
    report.print(given.json)


if __name__ == "__main__":
    main()

"""What capture costs those who write: the same updates with the capture triggers on and off, in turn.

Single-row updates by one session and by --clients at once, each on rows of its own (pgbench), and 10,000 rows in one
statement. The queues are emptied between the measurements, outside the clock. Switches the triggers of
model_risk.validation_requests, changes its rows and rebuilds the stored views at the end: use a database made for it.

    python scripts/bench/refresh_capture.py --clients 8 --seconds 5
"""

from __future__ import annotations

from typing import Any

import psycopg
from common import Report, connect, median, one, parser, pgbench, timed

TABLE = "model_risk.validation_requests"
UPDATE = f"UPDATE {TABLE} SET updated_at = updated_at + interval '1 second'"
# every session has its own share of the rows, so that they never wait for each other's row locks
SINGLE = f"""\\set row :client_id * :share + random(1, :share)
{UPDATE} WHERE request_id = :row;
"""


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
                "SELECT format('refresh_data.changes_%%s_%%s', source_id, side) FROM refresh.captured_sources, "
                "(VALUES ('a'), ('b')) AS sides (side) WHERE source_name = %s",
                [TABLE],
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
        if one(self._connection, "SELECT pg_has_role('pg_checkpoint', 'USAGE')")[0]:
            self._connection.execute("CHECKPOINT")

    def heal(self) -> None:
        """Makes the stored views right again: what was written without capture, or emptied from a queue, is lost to them."""
        self._connection.execute(
            "SELECT refresh.rebuild(sv.view_name) FROM refresh.stored_views AS sv WHERE EXISTS ("
            "SELECT FROM refresh.view_sources AS vs WHERE vs.view_id = sv.view_id AND vs.source_name = %s)",
            [TABLE],
        )


def per_update(dsn: str, clients: int, requests: int, seconds: int) -> float:
    """Milliseconds of the clock for one update, all sessions together."""
    return seconds * 1000 / len(pgbench(dsn, SINGLE, clients, seconds, {"share": requests // clients}))


def main() -> None:
    arguments = parser(__doc__ or "")
    arguments.add_argument("--clients", type=int, default=8, metavar="N", help="sessions that write at once (8)")
    arguments.add_argument("--seconds", type=int, default=5, metavar="N", help="length of one measurement (5)")
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
                for clients in (1, given.clients):
                    single = per_update(connection.info.dsn, clients, requests, given.seconds)
                    measured.setdefault((f"{clients} sessions", on), []).append(single)
                large = timed(lambda: connection.execute(UPDATE + " WHERE request_id <= %s", [given.rows]))
                measured.setdefault(("large", on), []).append(large)
    finally:
        capture.switch(True)
        capture.heal()
    middle = {key: median(values) for key, values in measured.items()}
    alone, crowd = "1 sessions", f"{given.clients} sessions"
    for name, what in (
        (alone, "single-row update, one session"),
        (crowd, f"single-row updates, {given.clients} sessions, ms per update"),
        ("large", f"{given.rows}-row update"),
    ):
        off, on_ = middle[name, False], middle[name, True]
        report.add(what, without=off, with_capture=on_, time_ratio=on_ / off, throughput_ratio=off / on_)
    off, on_ = (middle[alone, switch] / middle[crowd, switch] for switch in (False, True))
    report.add(
        f"throughput of {given.clients} sessions by that of one", without=off, with_capture=on_, ratio=on_ / off
    )
    report.print(given.json)


if __name__ == "__main__":
    main()

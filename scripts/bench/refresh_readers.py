"""Readers during a refresh, and the price of a full rebuild against a plain REFRESH MATERIALIZED VIEW.

A second session asks for single models all the time: first of an idle server, then during keyed refreshes, full
rebuilds, plain REFRESH and REFRESH CONCURRENTLY of the same live definition. Printed are the percentiles of what the
reader waited, and the time of the refresh itself. Changes rows of the database: use one made for it.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
from common import Report, connect, median, one, parser, percentile, timed
from refresh_keyed import CHANGE, STATUS
from refresh_native import native


class Reader:
    """A session that reads one row after the other; milliseconds of each read."""

    def __init__(self, dsn: str, relation: str, models: int) -> None:
        self._dsn, self._query, self._models = dsn, f"SELECT * FROM {relation} WHERE model_id = %s", models
        self._stop = threading.Event()
        self.waits: list[float] = []

    def during(self, work: Callable[[], Any]) -> float:
        """Reads while the work is done; milliseconds of the work."""
        with psycopg.connect(self._dsn, autocommit=True) as connection:
            connection.execute(self._query, [1])
            thread = threading.Thread(target=self._read, args=(connection,))
            self._stop.clear()
            thread.start()
            duration = timed(work)
            self._stop.set()
            thread.join()
        return duration

    def _read(self, connection: psycopg.Connection[Any]) -> None:
        chance = random.Random(1)
        while not self._stop.wait(0.002):
            self.waits.append(
                timed(lambda: connection.execute(self._query, [chance.randint(1, self._models)]).fetchall())
            )


def main() -> None:
    arguments = parser(__doc__ or "")
    arguments.add_argument("--as-of", default="2025-06-30", help="the day of rules")
    arguments.add_argument(
        "--changes", type=int, default=10_000, metavar="N", help="changes of a keyed refresh (10000)"
    )
    arguments.add_argument("--idle-seconds", type=float, default=10, metavar="N")
    given = arguments.parse_args()
    connection = connect(given.dsn)
    connection.execute(
        "SELECT set_config('tidemark.clock', 'session', false), set_config('tidemark.as_of', %s, false)",
        [given.as_of],
    )
    connection.execute("SET jit = off")
    connection.execute("SELECT refresh.run(%s)", [STATUS])
    models, version = one(connection, "SELECT count(*), current_setting('server_version') FROM model_risk.models")
    report = Report("Readers", {"models": models, "server": version, "runs": given.runs})
    with native(connection, [STATUS]) as twins:
        twin = twins[STATUS]

        def keyed() -> None:
            connection.execute("SELECT refresh.run(%s)", [STATUS])

        works: dict[str, tuple[str, Callable[[], Any]]] = {
            "idle": (STATUS, lambda: time.sleep(given.idle_seconds)),
            f"keyed refresh, {given.changes} changed": (STATUS, keyed),
            "full rebuild": (STATUS, lambda: connection.execute("SELECT refresh.rebuild(%s)", [STATUS])),
            "plain REFRESH": (twin, lambda: connection.execute(f"REFRESH MATERIALIZED VIEW {twin}")),
            "REFRESH CONCURRENTLY": (
                twin,
                lambda: connection.execute(f"REFRESH MATERIALIZED VIEW CONCURRENTLY {twin}"),
            ),
        }
        readers = {name: Reader(connection.info.dsn, relation, models) for name, (relation, _) in works.items()}
        durations: dict[str, list[float]] = {name: [] for name in works}
        for run in range(given.runs):
            for name, (_, work) in works.items():
                if work is keyed:
                    connection.execute(CHANGE, [run * 104_729, given.changes])
                durations[name].append(readers[name].during(work))
    idle_p99 = percentile(readers["idle"].waits, 99)
    plain = median(durations["plain REFRESH"])
    for name, reader in readers.items():
        p99 = percentile(reader.waits, 99)
        report.add(
            name, duration_ms=median(durations[name]), by_plain=median(durations[name]) / plain, reads=len(reader.waits),
            read_p50_ms=median(reader.waits), read_p99_ms=p99, p99_above_idle_ms=p99 - idle_p99, read_max_ms=max(reader.waits),
        )  # fmt: skip
    report.print(given.json)


if __name__ == "__main__":
    main()

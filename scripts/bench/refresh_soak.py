"""Mixed writers, a loop of ticks and a probe of the lag, for half an hour: is every view as fresh as it promises?

Needs a database it may change. The clock of rules starts at --as-of and runs with the wall clock, so that a midnight
with its due rows falls into the soak. Two probes: refresh.freshness once a second, and a canary that is renamed and
looked for in a stored view, from commit to visible. A view is in order when the 99th percentile of its lag is below its
target plus two seconds; a sample above the target that the breach log does not hold is a silent breach and a failure.

    scripts/generate.py model_risk --size 100000 --as-of 2025-06-30 && python scripts/bench/refresh_soak.py
    python scripts/bench/refresh_soak.py --minutes 2 --target-lag '10 seconds'
"""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta
from typing import Any

import psycopg
from common import Report, connect, median, parser, percentile
from refresh_writers import Writers

GRACE_SECONDS = 2.0


class Clock:
    """The moment rules see: the given one plus the time since."""

    def __init__(self, start: datetime) -> None:
        self._start, self._began = start, time.monotonic()

    def set(self, connection: psycopg.Connection[Any]) -> None:
        moment = self._start + timedelta(seconds=time.monotonic() - self._began)
        connection.execute(
            "SELECT set_config('tidemark.clock', 'session', false), set_config('tidemark.as_of', %s, false)",
            [moment.isoformat(" ", "milliseconds")],
        )


class Soak:
    def __init__(self, dsn: str, clock: Clock, tick_seconds: float) -> None:
        self._dsn, self._clock, self._tick_seconds = dsn, clock, tick_seconds
        self._stop = threading.Event()
        self.lags: dict[str, list[tuple[datetime, float, float]]] = {}  # view: moment, lag, target
        self.canary: list[float] = []
        self.ticks: list[tuple[int, ...]] = []
        self.problems: list[str] = []
        self._threads = [
            threading.Thread(target=self._guarded, args=(work,)) for work in (self._tick, self._probe, self._rename)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _guarded(self, work: Any) -> None:
        try:
            with psycopg.connect(self._dsn, autocommit=True) as connection:
                work(connection)
        except psycopg.Error as error:
            self.problems.append(f"{work.__name__}: {error}")

    def _tick(self, connection: psycopg.Connection[Any]) -> None:
        while not self._stop.is_set():
            self._clock.set(connection)
            row = connection.execute("CALL refresh.tick()").fetchone()
            assert row is not None
            self.ticks.append(row)
            self._stop.wait(self._tick_seconds)

    def _probe(self, connection: psycopg.Connection[Any]) -> None:
        while not self._stop.wait(1):
            self._clock.set(connection)
            for view, moment, lag, target in connection.execute(
                "SELECT view_name, clock_timestamp(), extract(EPOCH FROM lag)::float8, extract(EPOCH FROM target_lag)::float8 "
                "FROM refresh.freshness"
            ):
                self.lags.setdefault(view, []).append((moment, lag, target))

    def _rename(self, connection: psycopg.Connection[Any]) -> None:
        row = connection.execute(
            "SELECT model_id FROM model_risk.regional_compliance_by_model_region ORDER BY model_id LIMIT 1"
        ).fetchone()
        assert row is not None
        model = row[0]
        for number in range(1 << 30):
            name = f"canary {number}"
            connection.execute("UPDATE model_risk.models SET model_name = %s WHERE model_id = %s", [name, model])
            committed = time.monotonic()
            while True:
                found = connection.execute(
                    "SELECT count(*), count(*) FILTER (WHERE model_name <> %s) "
                    "FROM model_risk.regional_compliance_by_model_region WHERE model_id = %s",
                    [name, model],
                ).fetchone()
                assert found is not None
                if found[1] == 0 and found[0] > 0:
                    self.canary.append(time.monotonic() - committed)
                    break
                if found[0] == 0:  # a writer took it out of its regions: put it back
                    connection.execute(
                        "INSERT INTO model_risk.model_regions (model_id, region_id) "
                        "SELECT %s, min(region_id) FROM model_risk.regions ON CONFLICT DO NOTHING",
                        [model],
                    )
                if self._stop.wait(0.1):
                    return


def silent(samples: list[tuple[datetime, float, float]], breaches: list[tuple[datetime, datetime | None]]) -> int:
    """Samples more than a second above the target that no breach covers; a second, for a probe is not a clock."""
    slack = timedelta(seconds=1)
    return sum(
        lag > target + 1
        and not any(began - slack <= moment <= (ended or moment) + slack for began, ended in breaches)
        for moment, lag, target in samples
    )


def main() -> None:
    arguments = parser(__doc__ or "")
    arguments.add_argument("--minutes", type=float, default=30, metavar="N", help="how long (30)")
    arguments.add_argument("--writers", type=int, default=4, metavar="N", help="sessions that write (4)")
    arguments.add_argument("--rate", type=float, default=10, metavar="N", help="transactions a second of each (10)")
    arguments.add_argument("--tick-seconds", type=float, default=1, metavar="N", help="pause between two ticks (1)")
    arguments.add_argument(
        "--target-lag", metavar="TEXT", help="promise this for every view, instead of what they declare"
    )
    arguments.add_argument(
        "--as-of", type=datetime.fromisoformat, default=datetime(2025, 6, 30, 23, 50), metavar="TIME"
    )
    given = arguments.parse_args()
    connection = connect(given.dsn)
    dsn = connection.info.dsn
    clock = Clock(given.as_of)
    clock.set(connection)
    if given.target_lag:
        connection.execute("UPDATE refresh.stored_views SET target_lag = %s::interval", [given.target_lag])
    connection.execute("CALL refresh.run_due()")
    row = connection.execute(
        "SELECT (SELECT count(*) FROM model_risk.models), current_setting('server_version'), clock_timestamp()"
    ).fetchone()
    assert row is not None
    began_at = row[2]
    report = Report("Soak", {"models": row[0], "server": row[1], "minutes": given.minutes})
    soak = Soak(dsn, clock, given.tick_seconds)
    writers = Writers(dsn, given.writers, given.rate, seed=1).start()
    soak.start()
    end = time.monotonic() + 60 * given.minutes
    while time.monotonic() < end and not soak.problems:
        time.sleep(1)
    written = writers.stop()
    soak.stop()
    clock.set(connection)
    connection.execute("CALL refresh.tick(NULL)")
    failures = ["; ".join(soak.problems)] if soak.problems else []
    report.add("writers", **{name: int(number) for name, number in written.items()})
    report.add(
        "canary, seconds to visible", p50=median(soak.canary), p99=percentile(soak.canary, 99), count=len(soak.canary)
    )
    report.add(
        "ticks", count=len(soak.ticks), failed=sum(t[1] for t in soak.ticks), late=sum(t[3] > 0 for t in soak.ticks)
    )
    for view, samples in sorted(soak.lags.items()):
        lags, target = [lag for _, lag, _ in samples], samples[0][2]
        breaches = connection.execute(
            "SELECT started_at, ended_at FROM refresh.breaches WHERE view_name = %s AND started_at >= %s",
            [view, began_at],
        ).fetchall()
        figures = connection.execute(
            "SELECT count(*), coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ms), 0) FROM refresh.runs "
            "WHERE view_name = %s AND started_at >= %s",
            [view, began_at],
        ).fetchone()
        verified = connection.execute("SELECT is_equal FROM refresh.verify(%s)", [view]).fetchone()
        assert figures is not None and verified is not None
        p99, unseen = percentile(lags, 99), silent(samples, breaches)
        report.add(
            view, p50_s=median(lags), p99_s=p99, max_s=max(lags), target_s=target, over_target=sum(x > target for x in lags),
            breaches=len(breaches), silent=unseen, runs=figures[0], run_ms=figures[1], equal=verified[0],
        )  # fmt: skip
        failures += [f"{view}: p99 of the lag is {p99:.1f} s"] * (p99 > target + GRACE_SECONDS)
        failures += [f"{view}: {unseen} silent breaches"] * (unseen > 0) + [f"{view} differs"] * (not verified[0])
    report.print(given.json)
    if failures:
        raise SystemExit("\n".join(failures))


if __name__ == "__main__":
    main()

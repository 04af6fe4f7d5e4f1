"""What readers feel while a migration waits for a table that somebody holds, against an ALTER TABLE without a timeout.

A report holds a table in an open transaction. A migration wants ACCESS EXCLUSIVE on it; in the second case it has another
table by then, for which it had to wait too, so that both waits together exceed the timeout. A probe reads one row of each table all the
time; printed is its worst wait beside the timeout. Then the same ALTER TABLE is sent as psql would, with no timeout: its
readers wait as long as the report takes (--plain-seconds). Makes its own server, and drops it.

    python scripts/bench/deploy_readers.py --hold-seconds 60
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
from common import Report, parser, timed
from refresh_site import Site, blank_site

from tidemark import config, db
from tidemark.deploy.apply import deployment
from tidemark.errors import TidemarkError
from tidemark.project import alone
from tidemark.steps import finish

TABLES = ("orders", "lines")
MOMENT = 1.2  # seconds; a lock that is got after this long, and then another one, make more than one timeout
SETUP = "".join(
    f"CREATE TABLE public.{name} (id integer PRIMARY KEY, price integer);"
    f"INSERT INTO public.{name} SELECT n, n FROM generate_series(1, 10000) AS n;"
    for name in TABLES
)
CHANGE = {
    "one table": "CREATE TABLE public.half_done ();\nALTER TABLE public.orders ADD COLUMN note text;\n",
    "one table after another": "CREATE TABLE public.half_done ();\nALTER TABLE public.lines ADD COLUMN mark text;\n"
    "ALTER TABLE public.orders ADD COLUMN note text;\n",
}


class Probe:
    """Reads one row of each table all the time, each in a session of its own; milliseconds of the worst read."""

    def __init__(self, dsn: str) -> None:
        self._waits: list[float] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._read, args=(dsn, name)) for name in TABLES]

    def __enter__(self) -> Probe:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _read(self, dsn: str, table: str) -> None:
        with psycopg.connect(dsn, autocommit=True) as connection:
            query = f"SELECT price FROM public.{table} WHERE id = 1"
            while not self._stop.wait(0.002):
                self._waits.append(timed(lambda: connection.execute(query).fetchone()))

    @property
    def worst_ms(self) -> float:
        return max(self._waits, default=0.0)

    @property
    def reads(self) -> int:
        return len(self._waits)


@contextmanager
def holding(dsn: str, seconds: float, names: tuple[str, ...]) -> Iterator[None]:
    """A session that reads the first table and keeps its transaction open; others do so again and again, for a moment."""
    end = time.monotonic() + seconds
    threads = []
    for number, name in enumerate(names):
        begun = threading.Event()

        def work(name: str, length: float, begun: threading.Event) -> None:
            with psycopg.connect(dsn, application_name=f"report on {name}") as connection:
                while time.monotonic() < end:
                    connection.execute(f"SELECT count(*) FROM public.{name}")
                    begun.set()
                    time.sleep(length)
                    connection.commit()

        threads.append(threading.Thread(target=work, args=(name, MOMENT if number else seconds, begun)))
        threads[-1].start()
        begun.wait()
    yield
    for thread in threads:
        thread.join()


def measured(site: Site, held: tuple[str, ...], seconds: float, work: Callable[[str], str]) -> dict[str, Any]:
    """The worst read while ``work`` is done on a new database, and what the work said."""
    superuser = site.place.dsn("postgres", "postgres")
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS readers WITH (FORCE)")
        connection.execute("CREATE DATABASE readers OWNER tidemark")
    dsn = site.place.dsn("tidemark", "readers")
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(SETUP)
    with Probe(dsn) as probe:
        time.sleep(0.5)
        idle = probe.worst_ms
        with holding(dsn, seconds, held):
            said = work(dsn)
    return {"worst_read_ms": probe.worst_ms, "idle_worst_ms": idle, "reads": probe.reads, "said": said}


def main() -> None:
    arguments = parser(__doc__ or "")
    arguments.add_argument(
        "--hold-seconds", type=float, default=60, metavar="N", help="how long the report runs (60)"
    )
    arguments.add_argument(
        "--plain-seconds", type=float, default=10, metavar="N", help="the same without timeout (10)"
    )
    arguments.add_argument("--lock-timeout", type=float, default=2, metavar="N", help="seconds (2)")
    arguments.add_argument(
        "--slack", type=float, default=0.2, metavar="N", help="seconds that a read may take above the timeout (0.2)"
    )
    arguments.add_argument("--server", default="18", choices=("15", "18"), help="18: embedded, 15: Debian's (18)")
    given = arguments.parse_args()
    failures: list[str] = []

    def migrate(budget: float, change: str) -> Callable[[str], str]:
        def work(dsn: str) -> str:
            settings = replace(
                config.Settings(dsn=dsn, dsn_source="this script"),
                lock_timeout_seconds=given.lock_timeout,
                lock_budget_seconds=budget,
            )
            with tempfile.TemporaryDirectory() as folder:
                base = Path(folder)
                for name in ("migrations", "functions", "views"):
                    (base / name).mkdir()
                (base / "migrations" / "0001_change.sql").write_text(f"-- A change.\n{change}")
                with db.connect(dsn) as connection:
                    try:
                        finish(deployment.apply(connection, settings, alone(base)))
                        return "applied"
                    except TidemarkError as error:
                        left = connection.execute("SELECT to_regclass('public.half_done')").fetchone()[0]
                        if left is not None or "report on orders" not in (error.detail or ""):
                            failures.append(f"left {left}, named {error.detail}")
                        return f"exit code {int(error.exit_code)}; {error.detail}"

        return work

    def plain(dsn: str) -> str:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(CHANGE["one table"])
        return "applied"

    with blank_site(given.server) as site:
        report = Report(
            "Readers beside a blocked migration", {"lock_timeout_s": given.lock_timeout, "server": given.server}
        )
        hold = given.hold_seconds
        for name, change in CHANGE.items():
            held = ("orders",) if name == "one table" else TABLES
            for end, budget in (("given up", hold / 3), ("applied in the end", hold * 3)):
                figures = measured(site, held, hold, migrate(budget, change))
                above = figures["worst_read_ms"] - given.lock_timeout * 1000
                if above > given.slack * 1000:
                    failures.append(f"{name}, {end}: a read took {figures['worst_read_ms']:.0f} ms")
                if (figures["said"] == "applied") != (end == "applied in the end"):
                    failures.append(f"{name}, {end}: {figures['said']}")
                report.add(f"{name}, {end}", hold_s=hold, above_timeout_ms=above, **figures)
        report.add(
            "plain ALTER TABLE", hold_s=given.plain_seconds, **measured(site, ("orders",), given.plain_seconds, plain)
        )
    report.print(given.json)
    if failures:
        raise SystemExit("; ".join(failures))


if __name__ == "__main__":
    main()

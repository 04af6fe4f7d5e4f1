"""kill -9 of the runner or of the server at random instants of an apply; the next one must end it, unattended.

The release holds every kind of concurrent step (CREATE, DROP and REINDEX INDEX CONCURRENTLY, ADD VALUE, VALIDATE,
DETACH PARTITION CONCURRENTLY), rows that may be inserted once only, a migration in one transaction and views, while
another session writes all the time. After each kill the release is applied again: the catalogue must be that of an apply
nobody disturbed, with no invalid index, no half detached partition, each row once, and no lock or session left.
start_delay_ms: from the beginning of that second apply to its first piece of work, a wait for the killed session included;
of it waited_ms for that session. What the start takes by itself on this machine is undisturbed_start_ms.

Then pairs of runners are started together on an empty database: both end well, and each migration was applied once.

    python scripts/bench/deploy_faults.py --rounds 50 --pairs 50
"""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import deploy_project
import psycopg
from common import Report, median, parser
from refresh_site import Site, blank_site

from tidemark import config, db
from tidemark.deploy.apply import deployment
from tidemark.deploy.drift import catalog
from tidemark.errors import TidemarkError
from tidemark.project import alone

OWNER = "tidemark"
TEMPLATE = "release_before"

WRONG = """
SELECT
    (SELECT count(*) FROM pg_index WHERE NOT indisvalid) AS invalid_indexes,
    (SELECT count(*) FROM pg_class WHERE relname ~ '_cc(new|old)[0-9]*$') AS leftovers_of_reindex,
    (SELECT count(*) FROM pg_inherits WHERE inhdetachpending) AS half_detached,
    (SELECT abs(count(*) - 2) + abs(count(DISTINCT what) - 2) FROM public.once) AS not_once,
    (SELECT abs(count(*) - 3) FROM deploy._yoyo_log WHERE operation = 'apply') AS not_applied_once,
    (SELECT count(*) FROM deploy.migration_statement) AS unfinished_statements,
    (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory') AS advisory_locks
"""


@contextmanager
def database(site: Site, number: int, template: str) -> Iterator[str]:
    """A new database; gives its connection string."""
    name = f"round_{number}"
    with psycopg.connect(site.place.dsn("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template}")
    yield site.place.dsn(OWNER, name)
    with psycopg.connect(site.place.dsn("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


class Writer:
    """Short transactions on the table all the time, so that concurrent steps have somebody to wait for."""

    def __init__(self, dsn: str) -> None:
        self._dsn, self._stop = dsn, threading.Event()
        self._thread = threading.Thread(target=self._work)

    def __enter__(self) -> Writer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        chance = random.Random(1)
        while not self._stop.is_set():
            try:
                with psycopg.connect(self._dsn, application_name="writer") as connection:
                    while not self._stop.is_set():
                        connection.execute("UPDATE public.t SET c = c WHERE a = %s", [chance.randint(1, 1000)])
                        self._stop.wait(chance.random() * 0.05)
                        connection.commit()
            except psycopg.Error:
                self._stop.wait(0.1)  # the server was killed


def applied(dsn: str, base: Path) -> tuple[float, float, list[str]]:
    """Applies; milliseconds until its first piece of work and of these in a wait for another runner; what is wrong."""
    settings = config.Settings(dsn=dsn, dsn_source="this script")
    began, first, waiting = time.perf_counter(), 0.0, 0.0
    try:
        with db.connect(dsn) as connection:
            for step in deployment.apply(connection, settings, alone(base)):
                now = (time.perf_counter() - began) * 1000
                if not first and step.text.startswith("waiting for another runner"):
                    waiting = now
                elif not first:
                    first = now
    except TidemarkError as error:
        problem = f"the rerun failed: {error.message} ({error.where}; {error.detail})"
        return first, first - waiting if waiting else 0.0, [problem]
    return first, first - waiting if waiting else 0.0, []


def wrong(dsn: str, base: Path, expected: list[str]) -> list[str]:
    with db.connect(dsn) as connection:
        if not deployment.plan(connection, alone(base)).is_empty:
            return ["something is still to do"]
        cursor = connection.execute(WRONG)
        found = [f"{column.name}: {n}" for column, n in zip(cursor.description or [], cursor.fetchone() or ()) if n]
        different = set(expected) ^ set(catalog.lines(connection))
        return found + [f"differs: {line}" for line in sorted(different)[:3]]


def a_kill(
    site: Site, base: Path, number: int, after: float, victim: str, expected: list[str]
) -> tuple[dict[str, Any], list[str]]:
    with database(site, number, TEMPLATE) as dsn, Writer(dsn):
        runner = deploy_project.start(base, dsn)
        # Counted from when the runner has connected: before, there is nothing to disturb.
        with psycopg.connect(site.place.dsn("postgres", "postgres"), autocommit=True) as watcher:
            query = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tidemark' AND datname = %s"
            while not watcher.execute(query, [f"round_{number}"]).fetchone()[0] and runner.poll() is None:
                time.sleep(0.002)
        time.sleep(after)
        ended = runner.poll() is not None
        if victim == "server":
            site.kill_server()
            runner.communicate()
            site.start()
        else:
            runner.kill()
            runner.communicate()
        with psycopg.connect(dsn, autocommit=True) as connection:
            stopped = connection.execute("SELECT count(*) FROM deploy.migration_statement").fetchone()[0]
        delay, waited, problems = applied(dsn, base)
        problems += wrong(dsn, base, expected)
    return {
        "killed": victim,
        "after_ms": after * 1000,
        "too_late": ended,
        "statements": stopped,
        "start_delay_ms": delay,
        "waited_ms": waited,
    }, problems


def a_pair(site: Site, base: Path, number: int) -> tuple[dict[str, Any], list[str]]:
    with database(site, number, "template0") as dsn:
        began = time.perf_counter()
        both = [deploy_project.start(base, dsn) for _ in range(2)]
        answers = [(*one.communicate(), one.returncode) for one in both]
        took = (time.perf_counter() - began) * 1000
        problems = [f"exit {code}: {out or err}" for out, err, code in answers if code]
        if not problems:
            with db.connect(dsn) as connection:
                problems += wrong(dsn, base, catalog.lines(connection))
    return {"killed": "nobody", "took_ms": took}, problems


def undisturbed(site: Site, base: Path) -> tuple[float, float, list[str]]:
    """Seconds of an apply without a kill, milliseconds of its start, and the catalogue it leads to."""
    with database(site, 0, TEMPLATE) as dsn, Writer(dsn):
        began = time.perf_counter()
        start, _, problems = applied(dsn, base)
        took = time.perf_counter() - began
        with db.connect(dsn) as connection:
            lines = catalog.lines(connection)
        if problems:
            raise SystemExit("; ".join(problems))
    return took, start, lines


def main() -> None:
    arguments = parser(__doc__ or "")
    arguments.add_argument("--rounds", type=int, default=50, metavar="N", help="kills (50)")
    arguments.add_argument("--pairs", type=int, default=50, metavar="N", help="pairs of runners (50)")
    arguments.add_argument(
        "--rows", type=int, default=200_000, metavar="N", help="rows of the indexed table (200000)"
    )
    arguments.add_argument("--server", default="18", choices=("15", "18"), help="18: embedded, 15: Debian's (18)")
    arguments.add_argument("--seed", type=int, default=1, metavar="N", help="another seed, other moments (1)")
    given = arguments.parse_args()
    chance = random.Random(given.seed)
    failures: list[str] = []
    with blank_site(given.server) as site, tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        with psycopg.connect(site.place.dsn("postgres", "postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {TEMPLATE} OWNER {OWNER}")
        with psycopg.connect(site.place.dsn("postgres", TEMPLATE), autocommit=True) as connection:
            # REINDEX TABLE CONCURRENTLY also leaves indexes of TOAST tables: who may not name them cannot drop them.
            connection.execute(f"GRANT USAGE ON SCHEMA pg_toast TO {OWNER}")
        deploy_project.write(base, given.rows, 0, only_setup=True)
        applied(site.place.dsn(OWNER, TEMPLATE), base)
        deploy_project.write(base, given.rows, 20)
        took, start, expected = undisturbed(site, base)
        report = Report(
            "Kills of an apply",
            {
                "rows": given.rows,
                "server": given.server,
                "undisturbed_ms": took * 1000,
                "undisturbed_start_ms": start,
            },
        )
        delays, waits, late = [], [], 0
        for number in range(1, given.rounds + 1):
            victim = "server" if number % 2 == 0 else "runner"
            figures, problems = a_kill(site, base, number, chance.random() * took * 0.9, victim, expected)
            if figures["too_late"]:
                took = min(took, figures["after_ms"] / 1000)  # the machine is quicker now than it was at first
                late += 1
            delays.append(figures["start_delay_ms"])
            waits.append(figures["waited_ms"])
            report.add(f"kill {number}", **figures, wrong="; ".join(problems) or "nothing")
            failures += problems
        for number in range(1, given.pairs + 1):
            figures, problems = a_pair(site, base, number)
            report.add(f"pair {number}", **figures, wrong="; ".join(problems) or "nothing")
            failures += problems
        if delays:
            report.add(
                "all kills",
                start_delay_p50_ms=median(delays),
                start_delay_max_ms=max(delays),
                waited_max_ms=max(waits),
                too_late=late,
                wrong=str(len(failures)),
            )
    report.print(given.json)
    if failures:
        raise SystemExit(f"{len(failures)} things were wrong")


if __name__ == "__main__":
    main()

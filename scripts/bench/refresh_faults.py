"""kill -9 at random moments of capture, refresh and redefinition; afterwards one tick must put everything right.

Each round: writers, a loop of ticks and a session that keeps changing the definition of a stored view work until,
after a random time, one of their server processes or the whole server is killed. Then the server comes up again, one
tick runs with the clock a day further, and every stored view must equal its live twin, with nothing left in a queue,
no queue or storage that belongs to no view, and no lock or transaction of anybody. Makes its own server, and drops it.

    python scripts/bench/refresh_faults.py --rounds 50 --models 3000
"""

from __future__ import annotations

import argparse
import random
import threading
import time
from datetime import date, timedelta
from typing import Any

import psycopg
from common import Report, one, parser, timed
from refresh_site import Site, throwaway_site
from refresh_writers import Writers

AS_OF = date(2025, 6, 30)
VICTIMS = ("writer", "refresh", "redefinition", "server")
VIEW = "fault_bench.activity_by_model"

SETUP = """
CREATE SCHEMA IF NOT EXISTS fault_bench AUTHORIZATION tidemark;
SET ROLE tidemark;
CREATE OR REPLACE VIEW fault_bench.few AS
    SELECT mdl.model_id, mdl.status, count(lnk.request_id) AS requests
    FROM model_risk.models AS mdl LEFT JOIN model_risk.validation_request_models AS lnk USING (model_id)
    GROUP BY mdl.model_id;
CREATE OR REPLACE VIEW fault_bench.other AS
    SELECT mdl.model_id, lower(mdl.status) AS status, count(lnk.request_id) + 1 AS requests
    FROM model_risk.models AS mdl LEFT JOIN model_risk.validation_request_models AS lnk USING (model_id)
    GROUP BY mdl.model_id;
CREATE OR REPLACE VIEW fault_bench.many AS
    SELECT few.*, mdl.owner_id FROM fault_bench.few JOIN model_risk.models AS mdl USING (model_id);
"""

# what may be left behind: counts that must all be zero
LEFT_BEHIND = """
SELECT
    (SELECT count(*) FROM pg_tables AS tab WHERE tab.schemaname = 'refresh_data' AND tab.tablename LIKE 'queue\\_%'
        AND 'refresh_data.' || tab.tablename NOT IN (SELECT queue_name FROM refresh.view_sources WHERE queue_name IS NOT NULL)
    ) AS orphan_queues,
    (SELECT count(*) FROM pg_tables AS tab WHERE tab.schemaname = 'refresh_data' AND tab.tablename NOT LIKE 'queue\\_%'
        AND tab.tablename NOT LIKE 'marks\\_%' AND tab.tablename NOT LIKE 'changes\\_%'
        AND tab.tablename NOT IN (SELECT format('lock_of_%s', view_id) FROM refresh.stored_views) AND 'refresh_data.' || tab.tablename NOT IN (
            SELECT storage_name FROM refresh.stored_views
            UNION ALL SELECT serving_name FROM refresh.stored_views WHERE serving_name IS NOT NULL)
    ) AS orphan_storage,
    (SELECT count(*) FROM refresh.retired_storage) AS retired,
    (SELECT sum(pending_count) FROM refresh.freshness) AS pending,
    (SELECT count(*) FROM refresh.freshness WHERE freshness_status <> 'fresh') AS not_fresh,
    (SELECT count(*) FROM pg_locks AS lck JOIN pg_stat_activity AS act USING (pid)
        WHERE act.backend_type = 'client backend' AND lck.pid <> pg_backend_pid()) AS foreign_locks,
    (SELECT count(*) FROM pg_prepared_xacts) AS prepared
"""


class Sessions:
    """The ticks and the redefinitions of one round; a killed session ends its thread."""

    def __init__(self, site: Site, as_of: date, seed: int) -> None:
        self._site, self._as_of, self._chance = site, as_of, random.Random(seed)
        self._stop = threading.Event()
        self.pids: dict[str, int] = {}
        self.problems: list[str] = []
        self._threads = [
            threading.Thread(target=self._guarded, args=(name, work))
            for name, work in (("refresh", self._tick), ("redefinition", self._redefine))
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _guarded(self, name: str, work: Any) -> None:
        try:
            with self._site.session(self._as_of) as connection:
                self.pids[name] = connection.info.backend_pid
                while not self._stop.is_set():
                    work(connection)
        except psycopg.OperationalError:
            pass  # killed, or the server is
        except psycopg.Error as error:
            self.problems.append(f"{name}: {error}")

    def _tick(self, connection: psycopg.Connection[Any]) -> None:
        connection.execute("CALL refresh.tick()")
        self._stop.wait(0.05)

    def _redefine(self, connection: psycopg.Connection[Any]) -> None:
        connection.execute("SET ROLE tidemark; SET lock_timeout = '2s'")
        live = self._chance.choice(("few", "other", "many"))
        try:
            connection.execute(f"SELECT refresh.store('{VIEW}', 'fault_bench.{live}', '{{model_id}}')")
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            pass  # the runner tries again
        self._stop.wait(self._chance.random() * 0.2)


def a_round(site: Site, chance: random.Random, as_of: date, number: int) -> tuple[dict[str, Any], list[str]]:
    """Kills once; gives figures of the round, and what is wrong afterwards."""
    writers = Writers(site.dsn, 4, per_second=50, seed=1000 * number).start()
    sessions = Sessions(site, as_of, number)
    sessions.start()
    time.sleep(0.2 + chance.random() * 2)
    victim = VICTIMS[number % len(VICTIMS)]
    with site.session(as_of) as watcher:
        writing = [
            row[0]
            for row in watcher.execute(
                "SELECT pid FROM pg_stat_activity WHERE application_name = 'tidemark-bench-writer' ORDER BY state = 'active' DESC"
            )
        ]
    pid = writing[0] if victim == "writer" and writing else sessions.pids.get(victim)
    if pid is None or victim == "server":
        site.kill_server()
    else:
        site.kill_backend(pid)
    time.sleep(0.1)
    sessions.stop()
    writers.stop()
    site.start()
    with site.session(as_of + timedelta(days=1)) as connection:
        waiting = one(connection, "SELECT sum(pending_count)::bigint FROM refresh.freshness")[0]
        tick_ms = timed(lambda: connection.execute("CALL refresh.tick(NULL)"))
        return {"killed": victim, "pending": waiting, "tick_ms": tick_ms}, sessions.problems + wrong(connection)


def wrong(connection: psycopg.Connection[Any]) -> list[str]:
    found = []
    cursor = connection.execute(LEFT_BEHIND)
    for column, count in zip(cursor.description or [], cursor.fetchone() or ()):
        if count:
            found.append(f"{column.name}: {count}")
    for view, verified in connection.execute(
        "SELECT sv.view_name, to_jsonb(ver) FROM refresh.stored_views AS sv, refresh.verify(sv.view_name) AS ver "
        "WHERE NOT ver.is_equal"
    ):
        found.append(f"{view} differs: {verified}")
    return found


def main() -> None:
    arguments: argparse.ArgumentParser = parser(__doc__ or "")
    arguments.add_argument("--rounds", type=int, default=50, metavar="N", help="times something is killed (50)")
    arguments.add_argument("--models", type=int, default=3000, metavar="N", help="models to generate (3000)")
    arguments.add_argument("--seed", type=int, default=1, metavar="N", help="another seed, other moments (1)")
    given = arguments.parse_args()
    chance = random.Random(given.seed)
    failures = []
    with throwaway_site(given.models, AS_OF) as site:
        with site.session(AS_OF) as connection:
            connection.execute(SETUP)
            connection.execute(f"SELECT refresh.store('{VIEW}', 'fault_bench.few', '{{model_id}}'); RESET ROLE")
            connection.execute("CALL refresh.tick(NULL)")
            version = connection.info.server_version
        report = Report("Faults", {"models": given.models, "server": version // 10000})
        for number in range(given.rounds):
            figures, problems = a_round(site, chance, AS_OF + timedelta(days=number), number)
            report.add(f"round {number + 1}", **figures, wrong="; ".join(problems) or "nothing")
            failures += problems
    report.print(given.json)
    if failures:
        raise SystemExit(f"{len(failures)} things were wrong")


if __name__ == "__main__":
    main()

"""Mixed writers of model_risk for the soak and the faults: single rows and many, key moves, links, rollbacks, savepoints.

Nothing to run here: see refresh_soak.py and refresh_faults.py.
"""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import psycopg

TRY_AGAIN = {"40001", "40P01", "55P03", "23505", "23503"}  # another writer was first

REGION = "(SELECT region_id FROM model_risk.regions ORDER BY region_id OFFSET %(small)s %% 6 LIMIT 1)"

# weight and statement; %(model)s, %(other)s and %(request)s are random keys, %(small)s is a random number below 1,000
WRITES: tuple[tuple[int, str], ...] = (
    (
        30,
        "UPDATE model_risk.validation_requests SET updated_at = updated_at + interval '1 day', "
        "completion_date = completion_date + interval '1 day' WHERE request_id = %(request)s",
    ),
    (10, "UPDATE model_risk.validation_requests SET current_status = 'APPROVED' WHERE request_id = %(request)s"),
    (
        10,
        "UPDATE model_risk.models SET status = CASE status WHEN 'Active' THEN 'Retired' ELSE 'Active' END "
        "WHERE model_id = %(model)s",
    ),
    (
        8,
        "UPDATE model_risk.models SET risk_tier_id = (SELECT risk_tier_id FROM model_risk.risk_tiers "
        "ORDER BY hashint4(risk_tier_id + %(small)s) LIMIT 1) WHERE model_id = %(model)s",
    ),
    (
        8,
        "UPDATE model_risk.models SET owner_id = (SELECT owner_id FROM model_risk.models WHERE model_id = %(other)s) "
        "WHERE model_id = %(model)s AND EXISTS (SELECT FROM model_risk.models WHERE model_id = %(other)s)",
    ),
    (
        8,
        "INSERT INTO model_risk.validation_request_models (request_id, model_id) SELECT request_id, model_id "
        "FROM model_risk.validation_requests, model_risk.models WHERE request_id = %(request)s AND model_id = %(model)s "
        "ON CONFLICT DO NOTHING",
    ),
    (
        4,
        "UPDATE model_risk.validation_request_models SET model_id = %(other)s "
        "WHERE request_id = %(request)s AND model_id = %(model)s",
    ),
    (4, "DELETE FROM model_risk.validation_request_models WHERE request_id = %(request)s"),
    (
        6,
        f"INSERT INTO model_risk.model_regions (model_id, region_id) SELECT model_id, {REGION} "
        "FROM model_risk.models WHERE model_id = %(model)s ON CONFLICT DO NOTHING",
    ),
    (6, "DELETE FROM model_risk.model_regions WHERE model_id = %(model)s"),
    (
        4,
        "UPDATE model_risk.recommendations SET current_target_date = current_target_date + 1 WHERE model_id = %(model)s",
    ),
    (
        1,
        "UPDATE model_risk.validation_requests SET updated_at = updated_at + interval '1 day' "
        "WHERE request_id BETWEEN %(request)s AND %(request)s + 500",
    ),
)


@dataclass
class Counters:
    committed: int = 0
    rolled_back: int = 0
    conflicts: int = 0
    lost: int = 0  # transactions whose server or session went away
    problems: list[str] = field(default_factory=list)


class Writers:
    """Threads that write until they are stopped. A lost connection ends a thread, it does not raise."""

    def __init__(self, dsn: str, count: int, per_second: float, seed: int) -> None:
        self.counters = [Counters() for _ in range(count)]
        self._stop = threading.Event()
        with psycopg.connect(dsn, autocommit=True) as connection:
            found = connection.execute(
                "SELECT (SELECT max(model_id) FROM model_risk.models), "
                "(SELECT max(request_id) FROM model_risk.validation_requests)"
            ).fetchone()
        if found is None or None in found:
            raise SystemExit("there are no models: run scripts/generate.py model_risk first")
        self._limits: tuple[int, int] = (found[0], found[1])
        self._threads = [
            threading.Thread(target=self._write, args=(dsn, per_second, seed + number, self.counters[number]))
            for number in range(count)
        ]

    def start(self) -> Writers:
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> dict[str, int]:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        problems = [text for one in self.counters for text in one.problems]
        if problems:
            raise SystemExit(f"a writer was refused: {problems[0]}")
        names = ("committed", "rolled_back", "conflicts", "lost")
        return {name: sum(getattr(one, name) for one in self.counters) for name in names}

    def _write(self, dsn: str, per_second: float, seed: int, counters: Counters) -> None:
        chance = random.Random(seed)
        try:
            with psycopg.connect(dsn, application_name="tidemark-bench-writer") as connection:
                connection.execute("SET lock_timeout = '5s'")
                connection.commit()
                while not self._stop.is_set():
                    began = time.monotonic()
                    try:
                        self._transaction(connection, chance, counters)
                    except psycopg.Error as error:
                        if connection.closed or error.sqlstate not in TRY_AGAIN:
                            raise
                        connection.rollback()
                        counters.conflicts += 1
                    self._stop.wait(max(0.0, chance.expovariate(per_second) - (time.monotonic() - began)))
        except psycopg.OperationalError:
            counters.lost += 1
        except psycopg.Error as error:
            counters.problems.append(str(error))

    def _transaction(self, connection: psycopg.Connection[Any], chance: random.Random, counters: Counters) -> None:
        for _ in range(chance.choice((1, 1, 2, 3))):
            self._statement(connection, chance)
        if chance.random() < 0.1:
            connection.execute("SAVEPOINT half")
            self._statement(connection, chance)
            connection.execute("ROLLBACK TO SAVEPOINT half")
        if chance.random() < 0.1:
            connection.rollback()
            counters.rolled_back += 1
        else:
            connection.commit()
            counters.committed += 1

    def _statement(self, connection: psycopg.Connection[Any], chance: random.Random) -> None:
        (statement,) = chance.choices([text for _, text in WRITES], [weight for weight, _ in WRITES])
        models, requests = self._limits
        connection.execute(
            statement,
            {
                "model": chance.randint(1, models),
                "other": chance.randint(1, models),
                "request": chance.randint(1, requests),
                "small": chance.randrange(1000),
            },
        )

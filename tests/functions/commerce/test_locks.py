"""Saves and rules of one upload come one after the other; those of others do not wait, nor does the search for stalled ones."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

pytestmark = pytest.mark.once

ORDERS = {run: f"00000000-0000-4000-8000-00000000000{number}" for number, run in enumerate(("one", "two"), start=1)}
SAVE = "SELECT inserted + updated FROM commerce.save_bundles(%s)"
MINE = "SELECT commerce.mine_association_rules('a.example', %s)"


@pytest.fixture(scope="module", name="street")
def _street(server: Any, applied_db: str) -> Iterator[str]:
    """Two runs of a shop, ready for rules and bundles."""
    with server.database(applied_db) as name:
        with psycopg.connect(server.dsn(name)) as owner:
            for run, upload in ORDERS.items():
                owner.execute(
                    "INSERT INTO commerce.csv_uploads (id, shop_id, run_id, filename, csv_type, status)"
                    " VALUES (%s, 'a.example', %s, 'x.csv', 'orders', 'generating_bundles')",
                    [upload, run],
                )
                owner.execute(
                    "INSERT INTO commerce.generation_progress (csv_upload_id, shop_id, step, progress, status, updated_at)"
                    " SELECT %s, 'a.example', step, 1, 'in_progress', '2020-01-01' FROM commerce.generation_steps ORDER BY step_no LIMIT 1",
                    [upload],
                )
        yield server.dsn(name)


def bundles(run: str) -> str:
    return json.dumps([{"upload": ORDERS[run], "products": ["V1", "V2"]}])


def waits(watch: psycopg.Connection[Any], pid: int) -> None:
    until = time.monotonic() + 10
    while watch.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [pid]).fetchone() != (True,):
        assert time.monotonic() < until, "it waits for nobody"
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("held", "asked"), [((SAVE, bundles("one")), (SAVE, bundles("one"))), ((MINE, "one"), (MINE, "one"))]
)
def test_one_upload_is_written_by_one_at_a_time(street: str, held: tuple[str, str], asked: tuple[str, str]) -> None:
    with psycopg.connect(street) as first, psycopg.connect(street) as second:
        first.execute(held[0], [held[1]])
        other = (asked[0], bundles("two") if asked[0] == SAVE else "two")
        second.execute("SET lock_timeout = '10s'")
        assert second.execute(other[0], [other[1]]).fetchone() is not None, "another upload waits for nobody"
        second.rollback()
        second.execute("SET lock_timeout = '0.3s'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            second.execute(asked[0], [asked[1]])
        second.rollback()
        # nobody waits for it who only looks for generations that are silent
        second.execute("SET lock_timeout = '10s'")
        found = second.execute("SELECT * FROM commerce.fail_stalled_generations()").fetchall()
        second.rollback()
        assert [str(row[0]) for row in found] == [ORDERS["two"]]
        first.rollback()


def test_what_waited_goes_on_with_what_was_written_meanwhile(street: str) -> None:
    with psycopg.connect(street) as first, psycopg.connect(street) as watch:
        watch.autocommit = True
        first.execute(SAVE, [bundles("one")])
        second = psycopg.connect(street)
        pid = second.info.backend_pid
        told: list[Any] = []
        thread = threading.Thread(target=lambda: told.append(second.execute(SAVE, [bundles("one")]).fetchone()))
        thread.start()
        waits(watch, pid)
        first.commit()
        thread.join(20)
        second.rollback()
        second.close()
    assert told == [(1,)]


def test_a_login_that_may_only_connect_holds_nobody_up(street: str) -> None:
    """It may take any advisory lock; none of them is asked for."""
    with psycopg.connect(street) as stranger, psycopg.connect(street) as working:
        stranger.execute("CREATE ROLE passer_by LOGIN")
        stranger.execute("SET ROLE passer_by")
        for name in ("commerce.save_bundles ", "commerce.rules "):
            stranger.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s || %s, 0))", [name, ORDERS["one"]])
        with pytest.raises(psycopg.errors.InsufficientPrivilege), stranger.transaction():
            stranger.execute("SELECT FROM commerce.csv_uploads FOR NO KEY UPDATE")
        working.execute("SET lock_timeout = '5s'")
        assert working.execute(SAVE, [bundles("one")]).fetchone() == (1,)
        assert working.execute(MINE, ["one"]).fetchone() is not None
        working.rollback()
        stranger.rollback()

"""Whatever happens to the tables of commerce, each of its stored views equals its live twin after a refresh.

TIDEMARK_TEST_STEPS and TIDEMARK_TEST_SEED make the run longer and different.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from shop_files import Plan, generate

from tests.engine import harness
from tidemark.config import Settings
from tidemark.load.uploads import Job, load_files
from tidemark.steps import finish

HINTS = {
    "shop_id": ["a.example", "b.example", "c.example"],
    "run_id": ["r1", "other", "r9"],
    "load_upload_id": ["1", "2", "3"],
    "status": ["processing", "completed", "failed", "bundle_generation_completed"],
    "total_rows": ["0", "5"],
    "sku": ["S1", "S2", "S3"],
}


@pytest.fixture(scope="module", name="template")
def _template(server: Any, applied_db: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Two small shops, three runs, and every stored view filled."""
    with server.database(applied_db) as name:
        settings = Settings(dsn=server.owner_dsn(name), dsn_source="the tests")
        jobs = []
        for seed, (shop, run, lines) in enumerate(
            (("a.example", "r1", 40), ("b.example", "r1", 20), ("a.example", "other", 10))
        ):
            folder: Path = tmp_path_factory.mktemp("shop")
            finish(generate(Plan(lines=lines, seed=seed + 1), folder))
            names = (
                ("orders.csv",) if run == "other" else ("orders.csv", "variants.csv", "catalog.csv", "inventory.csv")
            )
            jobs += [Job("commerce", str(folder / file), {"shop": shop, "run": run}) for file in names]
        assert all(loaded.is_good for loaded in finish(load_files(settings, jobs)))
        with psycopg.connect(server.owner_dsn(name), autocommit=True) as connection:
            connection.execute("SELECT * FROM refresh_internal.run_all()")
        yield name


def site(server: Any, template: str, *damage: str) -> harness.Site:
    return harness.Site(harness.copies(server, template, *damage), views="commerce.%", hints=HINTS)


@pytest.mark.parametrize(
    ("steps", "calm"),
    [(120, False), pytest.param(120, True, marks=pytest.mark.once)],
    ids=["clock and TRUNCATE", "calm"],
)
def test_stored_equals_live_whatever_happens(server: Any, template: str, steps: int, calm: bool) -> None:
    tally = harness.walk(site(server, template), steps=steps, calm=calm)
    assert tally.changed.total() > 0.4 * tally.tried.total(), tally
    assert len(tally.still(0.1)) <= 1, tally.still(0.1)  # random: a few of all tables, views and kinds may get little


@pytest.mark.once
@pytest.mark.parametrize(
    "damage",
    [
        "SELECT refresh.affects('commerce.order_lines', 'commerce.daily_sales_by_day', 'none')",
        harness.deaf("commerce.orders"),
    ],
    ids=["a mapping", "a trigger"],
)
def test_a_lost_mapping_or_trigger_is_noticed(server: Any, template: str, damage: str) -> None:
    with pytest.raises(AssertionError, match="is_equal=False"):
        harness.walk(site(server, template, damage), steps=250, calm=True)

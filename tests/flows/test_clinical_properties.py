"""Whatever happens to the tables of clinical, each of its stored views equals its live twin, those kept by writers at any time.

TIDEMARK_TEST_STEPS and TIDEMARK_TEST_SEED make the run longer and different.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest

from tests.engine import harness
from tidemark import db
from tidemark.generate import Request, generate
from tidemark.steps import finish

HINTS = {
    "item_type": ["TLF", "TLF", "Dataset"],
    "item_subtype": ["Table", "Table", "Listing", "SDTM"],
    "item_code": ["t14.1", "t14.2", "l16.1", "DM", "AE"],
    "production_status": ["not_started", "in_progress", "completed", "on_hold"],
    "qc_status": ["not_started", "in_progress", "completed", "failed"],
    "priority": ["low", "high"],
    "qc_level": ["level1", "level2"],
    "source_type": ["package", "custom"],
    "comment_type": ["programming", "biostat"],
    "color": ["#000000", "#3B82F6"],
    "unresolved_comment_count": ["0", "1", "2"],
}


@pytest.fixture(scope="module", name="template")
def _template(server: Any, applied_db: str) -> Iterator[str]:
    """Few items in three reporting efforts, so that random changes meet, and every stored view filled."""
    with server.database(applied_db) as name:
        with db.connect(server.owner_dsn(name)) as connection:
            for append in (False, True, True):
                finish(generate(connection, "clinical", Request(size=15, as_of=date(2025, 6, 30), append=append)))
            connection.commit()
        with psycopg.connect(server.owner_dsn(name), autocommit=True) as connection:
            connection.execute("SET tidemark.as_of = '2025-06-30'")
            connection.execute("SELECT * FROM refresh_internal.run_all()")
        yield name


def site(server: Any, template: str, *damage: str) -> harness.Site:
    often = ("clinical.reporting_effort_items", "clinical.reporting_effort_item_tracker")
    return harness.Site(harness.copies(server, template, *damage), views="clinical.%", hints=HINTS, often=often)


@pytest.mark.parametrize(
    ("steps", "calm"),
    [(60, False), pytest.param(60, True, marks=pytest.mark.once)],
    ids=["clock and TRUNCATE", "calm"],
)
def test_stored_equals_live_whatever_happens(server: Any, template: str, steps: int, calm: bool) -> None:
    tally = harness.walk(site(server, template), steps=steps, calm=calm)
    assert tally.changed.total() > 0.3 * tally.tried.total(), tally
    # what its writers keep is not shown by runs
    still = [name for name in tally.still(0.1) if not name.startswith("clinical.") or name in tally.tried]
    assert len(still) <= 2, still  # random: a few of all tables and kinds may get little


@pytest.mark.once
@pytest.mark.parametrize(
    "damage",
    [
        "SELECT refresh.affects('clinical.reporting_effort_item_tracker', 'clinical.effort_progress_by_effort', 'none')",
        harness.deaf("clinical.reporting_effort_items"),
    ],
    ids=["a mapping", "a trigger"],
)
def test_a_lost_mapping_or_trigger_is_noticed(server: Any, template: str, damage: str) -> None:
    with pytest.raises(AssertionError):
        harness.walk(site(server, template, damage), steps=250, calm=True)

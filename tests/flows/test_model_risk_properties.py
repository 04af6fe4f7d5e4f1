"""Whatever happens to the tables of model_risk, each of its stored views equals its live twin after a refresh.

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
    "code": ["A", "B", "C_1", "HIGH", "X9"],
    "model_risk.lob_units.org_unit": lambda choice: f"{choice.randint(1, 40):05}",
    "model_risk.lob_units.level": ["0", "1", "3", "4", "5", "6", "7"],
    "frequency_months": ["1", "6", "12", "24"],
    "grace_period_months": ["0", "1", "3"],
    "model_change_lead_time_days": ["0", "1", "30", "90", "200"],
    "workflow_type": ["Validation", "Change"],
    "priority": ["URGENT", "STANDARD", "HIGH", "MEDIUM", "LOW"],
    "approval_type": ["Global", "Regional", "Regional"],
    "min_days": ["0", "1", "10", "100", "366"],
    "max_days": ["0", "9", "99", "365", "2000"],
}


@pytest.fixture(scope="module", name="template")
def _template(server: Any, applied_db: str) -> Iterator[str]:
    """Few models, so that random changes meet, and every stored view filled."""
    with server.database(applied_db) as name:
        with db.connect(server.owner_dsn(name)) as connection:
            finish(generate(connection, "model_risk", Request(size=30, as_of=date(2025, 6, 30))))
            connection.commit()
        with psycopg.connect(server.owner_dsn(name), autocommit=True) as connection:
            connection.execute("SET tidemark.as_of = '2025-06-30'")
            connection.execute("SELECT * FROM refresh_internal.run_all()")
        yield name


def site(server: Any, template: str, *damage: str) -> harness.Site:
    links = (
        "model_risk.validation_requests",
        "model_risk.validation_request_models",
        "model_risk.model_regions",
        "model_risk.models",
    )
    return harness.Site(harness.copies(server, template, *damage), views="model\\_risk.%", hints=HINTS, often=links)


@pytest.mark.parametrize(
    ("steps", "calm"),
    [(120, False), pytest.param(120, True, marks=pytest.mark.once)],
    ids=["clock and TRUNCATE", "calm"],
)
def test_stored_equals_live_whatever_happens(server: Any, template: str, steps: int, calm: bool) -> None:
    tally = harness.walk(site(server, template), steps=steps, seed=2, calm=calm)
    assert tally.changed.total() > 0.4 * tally.tried.total(), tally
    assert len(tally.still(0.1)) <= 5, tally.still(0.1)  # random: a few of all tables, views and kinds may get little


@pytest.mark.once
@pytest.mark.parametrize(
    "damage",
    [
        "SELECT refresh.affects('model_risk.models', 'model_risk.regional_compliance_by_model_region', 'none')",
        "SELECT refresh.affects('model_risk.validation_requests', 'model_risk.regional_compliance_by_model_region', 'none')",
        "SELECT refresh.affects('model_risk.validation_request_models', 'model_risk.model_status_by_model', 'none')",
        harness.deaf("model_risk.models"),
    ],
    ids=["models", "requests", "links", "trigger"],
)
def test_a_lost_mapping_or_trigger_is_noticed(server: Any, template: str, damage: str) -> None:
    with pytest.raises(AssertionError, match="is_equal=False"):
        harness.walk(site(server, template, damage), steps=250, seed=2, calm=True)

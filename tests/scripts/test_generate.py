"""scripts/generate.py: repeatable, complete, plausible rows, on an empty domain or beside what is there."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tidemark import db
from tidemark.errors import DatabaseRefused, UsageProblem
from tidemark.generate import Request, generate
from tidemark.golden import files, load
from tidemark.steps import finish

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
AS_OF = date(2025, 6, 30)
MODELS = 3000

# All rows of 200 models with seed 1. Another figure means that the same request now gives other rows: say so in
# CHANGELOG.md. That it is one figure for all servers under test is the proof that they agree.
FINGERPRINT_OF_200 = "b20e180370a2ead2"


@pytest.fixture(scope="module")
def bank(server: Any, applied_db: str) -> Iterator[db.Connection]:
    """A connection to a database with 3,000 models; tests read only."""
    with server.database(applied_db) as name:
        connection = db.connect(server.owner_dsn(name))
        finish(generate(connection, "model_risk", Request(MODELS, AS_OF)))
        yield connection
        connection.close()


@pytest.fixture
def connection(fresh_db: str) -> Iterator[db.Connection]:
    with db.connect(fresh_db) as connection:
        yield connection


def share(connection: db.Connection, condition: str, table: str) -> float:
    """Per cent of the rows of a table that meet a condition."""
    row = connection.execute(f"SELECT 100.0 * count(*) FILTER (WHERE {condition}) / count(*) FROM {table}").fetchone()
    assert row is not None
    return float(row[0])


def fingerprint(connection: db.Connection, request: Request) -> str:
    """Of all generated rows, whatever their place in the tables."""
    digest = hashlib.sha256()
    for table in finish(generate(connection, "model_risk", request)):
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT t::text FROM model_risk.{table.table} AS t ORDER BY t::text COLLATE "C"')
            digest.update(table.table.encode())
            digest.update("\n".join(row[0] for row in cursor).encode())
    return digest.hexdigest()[:16]


def test_the_same_request_gives_the_same_rows_on_every_server(connection: db.Connection) -> None:
    assert fingerprint(connection, Request(200, AS_OF)) == FINGERPRINT_OF_200


def test_another_seed_gives_other_rows(connection: db.Connection) -> None:
    assert fingerprint(connection, Request(200, AS_OF, seed=2)) != FINGERPRINT_OF_200


@pytest.mark.parametrize("models", [1, 2, 30])
def test_a_tiny_inventory_works(connection: db.Connection, models: int) -> None:
    rows = {table.table: table.rows for table in finish(generate(connection, "model_risk", Request(models, AS_OF)))}
    assert rows["models"] == models


def test_every_table_gets_rows(bank: db.Connection) -> None:
    empty = {
        table
        for table in load.in_load_order(bank, "model_risk")
        if bank.execute(f"SELECT NOT EXISTS (SELECT FROM model_risk.{table})").fetchone()[0]  # type: ignore[index]
    }
    assert {table for table in empty if not table.startswith("import_")} == {"model_approval_status_history"}


@pytest.mark.parametrize(
    ("condition", "table", "expected", "within"),
    [
        ("status = 'Active'", "models", 78, 3),
        ("status = 'Retired'", "models", 10, 2),
        ("development_type = 'Third-Party'", "models", 18, 3),
        ("NOT is_model", "models", 4, 1.5),
        ("methodology_id IS NULL", "models", 14, 3),
        ("risk_tier_id IS NULL", "models", 5, 2),
        ("team_id IS NOT NULL", "lob_units", 17, 7),
        ("version_id IS NOT NULL", "model_regions", 80, 3),
        ("validation_request_id IS NOT NULL", "model_versions", 80, 4),
        ("approval_status = 'Approved'", "validation_approvals", 80, 3),
        ("approver_id IS NULL", "validation_approvals", 8, 2),
        ("calculated_outcome = 'GREEN'", "monitoring_results", 78, 3),
        ("closed_at IS NOT NULL", "recommendations", 55, 5),
        ("current_target_date IS NULL", "recommendations", 6, 2),
    ],
)
def test_shares_are_those_of_a_mid_size_bank(
    bank: db.Connection, condition: str, table: str, expected: float, within: float
) -> None:
    assert share(bank, condition, f"model_risk.{table}") == pytest.approx(expected, abs=within)


def test_statuses_spread_over_all_thirteen(bank: db.Connection) -> None:
    found = f"model_risk.revalidation_at('{AS_OF}')"
    count = bank.execute(f"SELECT count(DISTINCT revalidation_status) FROM {found}").fetchone()
    assert count is not None
    assert count[0] == 13
    assert share(bank, "revalidation_status = 'Never Validated'", found) == pytest.approx(7, abs=2)
    assert share(bank, "is_overdue", found) == pytest.approx(17, abs=4)


@pytest.mark.parametrize(
    ("per_model", "table"),
    [(2.2, "validation_requests"), (2.4, "validation_request_models"), (1.65, "model_versions"),
     (1.7, "model_regions"), (3.2, "validation_approvals"), (0.7, "recommendations"), (0.35, "model_limitations"),
     (0.12, "model_exceptions"), (0.1, "decommissioning_requests")],
)  # fmt: skip
def test_rows_grow_with_the_models(bank: db.Connection, per_model: float, table: str) -> None:
    count = bank.execute(f"SELECT count(*) FROM model_risk.{table}").fetchone()
    assert count is not None
    assert count[0] / MODELS == pytest.approx(per_model, rel=0.2)


@pytest.mark.parametrize(
    "impossible",
    [
        "SELECT FROM model_risk.validation_requests WHERE updated_at < created_at OR completion_date < created_at",
        "SELECT FROM model_risk.validation_requests WHERE submission_received_date > '2025-06-30'",
        "SELECT FROM model_risk.validation_requests WHERE greatest(updated_at, completion_date) >= '2025-07-01'",
        "SELECT FROM model_risk.validation_requests WHERE completion_date > '1900-01-01'"
        " AND current_status <> 'APPROVED'",
        "SELECT FROM model_risk.recommendations WHERE closed_at < created_at",
        "SELECT FROM model_risk.attestation_records AS r JOIN model_risk.attestation_cycles USING (cycle_id)"
        " WHERE attestation_cycles.status = 'PENDING'",
        "SELECT FROM model_risk.model_regions AS r JOIN model_risk.model_versions AS v USING (version_id)"
        " WHERE v.model_id <> r.model_id",
        "SELECT FROM model_risk.validation_request_models AS l JOIN model_risk.model_versions AS v USING (version_id)"
        " WHERE v.model_id <> l.model_id OR v.validation_request_id <> l.request_id",
    ],
)
def test_no_row_is_impossible(bank: db.Connection, impossible: str) -> None:
    assert bank.execute(f"SELECT EXISTS ({impossible})").fetchone()[0] is False  # type: ignore[index]


def test_new_rows_get_numbers_after_the_generated_ones(connection: db.Connection) -> None:
    finish(generate(connection, "model_risk", Request(30, AS_OF)))
    row = connection.execute("INSERT INTO model_risk.teams (name) VALUES ('New') RETURNING team_id").fetchone()
    assert row is not None
    assert row[0] > 6


def test_a_filled_domain_is_refused_with_a_way_out(connection: db.Connection) -> None:
    finish(generate(connection, "model_risk", Request(10, AS_OF)))
    with pytest.raises(DatabaseRefused) as refusal:
        finish(generate(connection, "model_risk", Request(10, AS_OF)))
    assert refusal.value.sqlstate == "55000"
    assert "append" in str(refusal.value.hint)


@pytest.mark.parametrize("request_", [Request(0, AS_OF), Request(10, AS_OF, seed=-1)])
def test_figures_out_of_range_are_refused(connection: db.Connection, request_: Request) -> None:
    with pytest.raises(DatabaseRefused) as refusal:
        finish(generate(connection, "model_risk", request_))
    assert refusal.value.sqlstate == "22023"


def test_an_unknown_domain_is_wrong_usage(connection: db.Connection) -> None:
    with pytest.raises(UsageProblem, match="no generator"):
        finish(generate(connection, "weather", Request(10, AS_OF)))


def test_a_dry_run_counts_and_leaves_nothing(connection: db.Connection) -> None:
    rows = finish(generate(connection, "model_risk", Request(30, AS_OF, dry_run=True)))
    assert sum(table.rows for table in rows) > 500
    assert connection.execute("SELECT count(*) FROM model_risk.models").fetchone()[0] == 0  # type: ignore[index]


def test_appended_rows_stand_beside_the_golden_inventory(connection: db.Connection) -> None:
    golden = files.find(ROOT / "tests" / "golden" / "model_risk")
    finish(load.load_tables(connection, "model_risk", [f for n, f in golden.items() if n.startswith("tables/")]))

    def counts() -> dict[str, int]:
        return {
            table: connection.execute(f"SELECT count(*) FROM model_risk.{table}").fetchone()[0]  # type: ignore[index]
            for table in ("models", "regions", "risk_tiers", "validation_policies", "attestation_cycles", "teams")
        }

    before = counts()
    finish(generate(connection, "model_risk", Request(50, AS_OF, append=True)))
    finish(generate(connection, "model_risk", Request(50, AS_OF, append=True)))
    after = counts()
    assert after["models"] == before["models"] + 100
    assert after["regions"] == before["regions"] + 1  # one region more than the golden inventory has
    assert after["risk_tiers"] == before["risk_tiers"]
    assert after["validation_policies"] == before["validation_policies"]
    names = connection.execute(
        "SELECT count(*) - count(DISTINCT cycle_name) FROM model_risk.attestation_cycles"
    ).fetchone()
    assert names is not None
    assert names[0] == 0


def test_the_script_prints_rows_and_a_refusal_as_json(fresh_db: str) -> None:
    command = [sys.executable, str(ROOT / "scripts" / "generate.py"), "model_risk", "--size", "20", "--dsn", fresh_db]
    first = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False)
    assert (first.returncode, first.stderr) == (0, "")
    assert json.loads(first.stdout)["data"]["rows"] > 500
    second = subprocess.run([*command, "--json"], capture_output=True, text=True, check=False)
    assert second.returncode == 5
    assert json.loads(second.stdout)["error"]["sqlstate"] == "55000"
    help_text = subprocess.run([*command[:2], "--help"], capture_output=True, text=True, check=True).stdout
    assert "examples:" in help_text

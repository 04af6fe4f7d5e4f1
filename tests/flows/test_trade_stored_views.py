"""Stored views of trade: equal to their live twins after any writes and on any day, at a cost of one cell for one verdict."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest

from tidemark import db
from tidemark.generate import Request, generate
from tidemark.steps import finish

LAGS = {  # what readers are promised
    "kpi_verdict_month_by_cell": "01:00:00", "reason_month_by_cell": "01:00:00", "route_day_by_pair": "01:00:00", "route_by_pair": "01:00:00",
    "duplicates_by_case": "01:00:00", "qualified_rule_by_tenant": "01:00:00", "rule_states_by_rule": "00:00:00",
    "ltsd_status_by_declaration": "00:00:00", "ltsd_statistics_by_tenant": "00:00:00", "tenant_status_by_tenant": "00:00:00",
}  # fmt: skip
WRITES = [
    "UPDATE trade.psra_verdicts SET status = 'disqualified', confidence = 0, reasons = '[{\"code\": \"A\"}, {\"code\": \"A\"}]' WHERE evaluation_id = %(verdict)s",
    "UPDATE trade.psra_verdicts SET status = 'qualified', confidence = 0.65 WHERE evaluation_id = %(verdict)s",
    "UPDATE trade.psra_verdicts SET decided_at = decided_at - interval '40 days' WHERE evaluation_id = %(verdict)s",
    "UPDATE trade.psra_verdicts SET effective_date = effective_date - 3 WHERE evaluation_id = %(verdict)s",
    "UPDATE trade.psra_verdicts SET input_hash = (SELECT min(input_hash) FROM trade.psra_verdicts), tenant_id = %(tenant)s WHERE evaluation_id = %(verdict)s",
    "UPDATE trade.psra_verdicts SET tenant_id = %(tenant)s WHERE evaluation_id = %(verdict)s",
    "SELECT trade.evaluate_assessments(ARRAY(SELECT assessment_id FROM trade.assessments WHERE status = 'pending' ORDER BY 1 LIMIT 3))",
    "UPDATE trade.psra_rules SET supersedes = ARRAY[%(rule)s] WHERE rule_id = (SELECT max(rule_id) FROM trade.psra_rules WHERE rule_id <> %(rule)s)",
    "UPDATE trade.psra_rules SET supersedes = '{}', payload = jsonb_set(payload, '{metadata,supersedes}', '[]') WHERE rule_id = %(rule)s",
    "UPDATE trade.ltsd_declarations SET status = 'active' WHERE id = %(declaration)s",
    "UPDATE trade.ltsd_declarations SET valid_to = valid_to + 31 WHERE id = %(declaration)s",
    "UPDATE trade.ltsd_declarations SET tenant_id = %(tenant)s WHERE id = %(declaration)s",
    "DELETE FROM trade.ltsd_declarations WHERE id = %(declaration)s",
    "UPDATE trade.tenants SET status = 'trial', trial_ends_at = '2025-07-02 12:00+00' WHERE id = %(tenant)s",
]  # fmt: skip


@pytest.fixture(scope="module", name="filled")
def _filled(server: Any, applied_db: str) -> Iterator[psycopg.Connection[Any]]:
    with server.database(applied_db) as name:
        dsn = server.dsn(name)
        with db.connect(dsn) as connection:
            finish(generate(connection, "trade", Request(300, date(2025, 6, 30), 5, False, False)))
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("SET tidemark.as_of = '2025-06-30'")
            connection.execute("SELECT refresh_internal.run_all()")
            yield connection


def differing(conn: psycopg.Connection[Any], suffix: str = "") -> list[str]:
    """Stored views of the family whose rows are not those of their live twins."""
    found = []
    for view, live in conn.execute(
        "SELECT view_name, live_name FROM refresh.stored_views WHERE view_name LIKE 'trade.%' ORDER BY view_id"
    ).fetchall():
        columns = "*"
        (count,) = conn.execute(
            f"SELECT count(*) FROM ((SELECT {columns} FROM {view}{suffix} EXCEPT ALL SELECT {columns} FROM {live})"
            f" UNION ALL (SELECT {columns} FROM {live} EXCEPT ALL SELECT {columns} FROM {view}{suffix})) AS odd"
        ).fetchone() or (None,)
        found += [view] if count else []
    return found


def keys_of(conn: psycopg.Connection[Any], chance: random.Random) -> dict[str, Any]:
    columns = {"verdict": ("psra_verdicts", "evaluation_id"), "rule": ("psra_rules", "rule_id"), "tenant": ("tenants", "id"), "declaration": ("ltsd_declarations", "id")}  # fmt: skip
    found = {}
    for name, (table, column) in columns.items():
        rows = conn.execute(f"SELECT {column} FROM trade.{table} ORDER BY 1").fetchall()
        found[name] = chance.choice(rows)[0]
    return found


def test_the_promises_are_those_of_the_page(filled: psycopg.Connection[Any]) -> None:
    rows = filled.execute(
        "SELECT view_name, target_lag::text FROM refresh.stored_views WHERE view_name LIKE 'trade.%'"
    ).fetchall()
    assert {name.removeprefix("trade."): lag for name, lag in rows} == LAGS


@pytest.mark.parametrize("seed", range(4))
def test_stored_rows_are_the_live_ones_after_any_writes(filled: psycopg.Connection[Any], seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(3):
        for _ in range(5):
            statement = chance.choice(WRITES)
            if "supersedes = ARRAY" in statement:
                statement = statement.replace(
                    "SET supersedes = ARRAY[%(rule)s]",
                    "SET supersedes = ARRAY[%(rule)s], payload = jsonb_set(payload, '{metadata,supersedes}', to_jsonb(ARRAY[%(rule)s]))",
                )
            filled.execute(statement, keys_of(filled, chance))
        # kept inside the writer's transaction: right before any run
        late = {"trade." + name for name, lag in LAGS.items() if lag != "00:00:00"}
        assert set(differing(filled)) <= late
        filled.execute("SELECT refresh_internal.run_all()")
        assert differing(filled) == []


def test_one_verdict_touches_one_cell(filled: psycopg.Connection[Any]) -> None:
    filled.execute("SELECT refresh_internal.run_all()")
    (last,) = filled.execute("SELECT coalesce(max(run_id), 0) FROM refresh.runs").fetchone() or (0,)
    filled.execute(
        "UPDATE trade.psra_verdicts SET confidence = 0.9876 WHERE evaluation_id = (SELECT min(evaluation_id::text)::uuid FROM trade.psra_verdicts WHERE status = 'qualified')"
    )
    filled.execute("SELECT refresh_internal.run_all()")
    rows = filled.execute(
        "SELECT view_name, key_count, inserted_count + updated_count + deleted_count FROM refresh.runs WHERE run_id > %s",
        [last],
    ).fetchall()
    told = {name: (keys, changed) for name, keys, changed in rows}
    assert told["trade.kpi_verdict_month_by_cell"] == (1, 1)
    assert told["trade.route_day_by_pair"] == (1, 1)
    assert told["trade.route_by_pair"] == (1, 1)


def test_a_reader_after_a_transition_never_sees_the_old_state(filled: psycopg.Connection[Any]) -> None:
    """No run between: the second name of a stored view answers for the day of the reader."""
    for day in ("2025-06-30", "2025-07-01", "2025-07-31", "2026-01-01", "2024-01-01", "2027-06-30"):
        filled.execute("SELECT set_config('tidemark.as_of', %s, FALSE)", [day])
        assert differing(filled, "_as_of") == [], day
    filled.execute("SET tidemark.as_of = '2025-06-30'")


def test_each_next_transition_is_the_first_change(filled: psycopg.Connection[Any]) -> None:
    """On the day before the state is the same, on the day it is another."""
    for view, key, state in (
        ("rule_states", "rule_id", "state"),
        ("ltsd_status", "id", "(effective_status, expiry_band)"),
    ):
        now = f"SELECT {key}::text AS key, {state}::text AS state, next_transition FROM trade.{view}"
        filled.execute(f"CREATE TEMPORARY TABLE present AS {now}")
        for (day,) in filled.execute(
            "SELECT DISTINCT next_transition FROM present WHERE next_transition IS NOT NULL"
        ).fetchall()[:25]:
            for offset, same in ((1, True), (0, False)):
                filled.execute("SELECT set_config('tidemark.as_of', (%s::date - %s)::text, FALSE)", [day, offset])
                wrong = filled.execute(
                    f"SELECT present.key FROM present JOIN ({now}) AS later USING (key)"
                    " WHERE present.next_transition = %s AND (present.state = later.state) <> %s",
                    [day, same],
                ).fetchall()
                assert wrong == [], (view, day)
        filled.execute("SET tidemark.as_of = '2025-06-30'")
        filled.execute("DROP TABLE present")

"""Who may do what in model_risk: applications call actions, dashboards see only bi, nobody else anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

FUNCTIONS = Path(__file__).parents[3] / "functions" / "model_risk"
ACTIONS = sorted(path.stem for path in (FUNCTIONS / "actions").glob("*.sql"))
RULES = sorted(path.stem for path in (FUNCTIONS / "rules").glob("*.sql"))

CALLS = [
    "SELECT * FROM model_risk.revalidation_at()",
    "SELECT * FROM model_risk.approval_at()",
    "SELECT * FROM model_risk.model_list_at()",
    "SELECT * FROM model_risk.status_transition_at()",
    "SELECT model_risk.revalidation_status_of(901)",
    "SELECT model_risk.approval_status_of(901)",
    "SELECT model_risk.validation_status_of(901)",
    "SELECT * FROM model_risk.kpi_report()",
    "SELECT * FROM model_risk.kpi_report_header(901, 0)",
    "SELECT * FROM model_risk.kpi_models('4.6', 901, 0)",
    "SELECT * FROM model_risk.regional_compliance_report()",
    "SELECT * FROM model_risk.regional_compliance_header()",
    "SELECT * FROM model_risk.attestation_cycle_list()",
    "SELECT * FROM model_risk.attestation_cycle_page()",
    "SELECT * FROM model_risk.attestation_coverage_report(901)",
    "SELECT * FROM model_risk.attestation_coverage_summary(901)",
    "SELECT model_risk.record_approval_status_changes('MANUAL')",
    "SELECT * FROM model_risk.monitoring_scope_of(901)",
    "SELECT model_risk.require_model(901)",
    "SELECT model_risk.require_region(901)",
    "SELECT model_risk.require_attestation_cycle(901)",
    "SELECT model_risk.require_attestation_list_filter('OPEN', 1, 0)",
]


@pytest.fixture(name="bank")
def _bank(conn: psycopg.Connection[Any]) -> psycopg.Connection[Any]:
    conn.execute("""
        INSERT INTO model_risk.lob_units (lob_id, code, name, level, org_unit) VALUES (901, 'ROOT', 'Root', 0, '00901');
        INSERT INTO model_risk.users (user_id, email, full_name, role_code, lob_id)
        VALUES (901, 'a@bank', 'Owner', 'USER', 901);
        INSERT INTO model_risk.regions (region_id, code, name) VALUES (901, 'EU', 'Europe');
        INSERT INTO model_risk.models (model_id, model_name, development_type, owner_id, status, created_at)
        VALUES (901, 'PD', 'In-House', 901, 'Active', '2020-01-01');
        INSERT INTO model_risk.attestation_cycles
        (cycle_id, cycle_name, period_start_date, period_end_date, submission_due_date, status)
        VALUES (901, 'Q1', '2025-01-01', '2025-03-31', '2025-04-15', 'OPEN');
    """)
    return conn


def become(conn: psycopg.Connection[Any], group: str | None) -> None:
    """A login made for this transaction, member of one group role or of none."""
    conn.execute("CREATE ROLE tidemark_test_login LOGIN")
    if group:
        conn.execute(sql.SQL("GRANT {} TO tidemark_test_login").format(sql.Identifier(group)))
    conn.execute("SET LOCAL SESSION AUTHORIZATION tidemark_test_login")


def refused(conn: psycopg.Connection[Any], statement: str) -> bool:
    try:
        with conn.transaction(force_rollback=True):
            conn.execute(statement)
    except psycopg.errors.InsufficientPrivilege:
        return True
    return False


def relations(conn: psycopg.Connection[Any], schema: str, kinds: str) -> Iterator[str]:
    rows = conn.execute(
        """
        SELECT relname FROM pg_class
        WHERE relnamespace = to_regnamespace(%s) AND relkind = ANY (%s::"char"[]) ORDER BY relname
        """,
        [schema, list(kinds)],
    ).fetchall()
    yield from (f"{schema}.{name}" for (name,) in rows)


@pytest.mark.parametrize("statement", CALLS)
def test_an_application_can_call(bank: psycopg.Connection[Any], statement: str) -> None:
    become(bank, "tidemark_app")
    assert bank.execute(statement).fetchall() is not None


def test_no_action_of_an_application_is_forgotten_above(conn: psycopg.Connection[Any]) -> None:
    """Other actions, those that load files, belong to the operator."""
    callable_ones = conn.execute("""
        SELECT DISTINCT proname FROM pg_proc
        WHERE pronamespace = 'model_risk'::regnamespace AND has_function_privilege('tidemark_app', oid, 'EXECUTE')
    """).fetchall()
    names = {name for (name,) in callable_ones} - set(RULES)
    assert {name for name in names if not any(f"model_risk.{name}(" in statement for statement in CALLS)} == set()
    assert names <= set(ACTIONS)


def test_an_application_can_read_every_view(bank: psycopg.Connection[Any]) -> None:
    views = [*relations(bank, "model_risk", "v")]
    become(bank, "tidemark_app")
    assert len(views) > 15
    assert [view for view in views if refused(bank, f"SELECT count(*) FROM {view}")] == []


def test_an_application_cannot_write_a_table(bank: psycopg.Connection[Any]) -> None:
    tables = [*relations(bank, "model_risk", "rp")]
    assert len(tables) > 30
    writable = bank.execute(
        """
        SELECT tab.name, act.action FROM unnest(%s::text[]) AS tab (name)
        CROSS JOIN unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS act (action)
        WHERE has_table_privilege('tidemark_app', tab.name, act.action)
            OR (act.action IN ('INSERT', 'UPDATE') AND has_any_column_privilege('tidemark_app', tab.name, act.action))
        """,
        [tables],
    ).fetchall()
    assert writable == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE model_risk.models SET status = 'Retired'",
        """INSERT INTO model_risk.model_approval_status_history (model_id, new_status, changed_at, trigger_type)
        VALUES (901, 'APPROVED', now(), 'MANUAL')""",
        "DELETE FROM model_risk.model_approval_status_history",
        "UPDATE model_risk.kpi_metrics SET metric_name = 'Renamed'",
        "TRUNCATE model_risk.attestation_cycles CASCADE",
    ],
)
def test_an_application_is_refused(bank: psycopg.Connection[Any], statement: str) -> None:
    become(bank, "tidemark_app")
    assert refused(bank, statement)


def test_history_is_written_only_through_the_action(bank: psycopg.Connection[Any]) -> None:
    become(bank, "tidemark_app")
    assert bank.execute("SELECT model_risk.record_approval_status_changes('MANUAL')").fetchone() == (1,)
    assert bank.execute("SELECT new_status FROM model_risk.model_approval_status_history").fetchall() == [
        ("NEVER_VALIDATED",)
    ]


@pytest.mark.parametrize("group", ["tidemark_bi", None])
@pytest.mark.parametrize(
    "statement", [*CALLS, "SELECT * FROM model_risk.models", "SELECT * FROM model_risk.revalidation"]
)
def test_dashboards_and_strangers_cannot(bank: psycopg.Connection[Any], group: str | None, statement: str) -> None:
    become(bank, group)
    assert refused(bank, statement)


def test_a_dashboard_sees_only_bi(bank: psycopg.Connection[Any]) -> None:
    views = [*relations(bank, "bi", "v")]
    bank.execute("SET LOCAL tidemark.as_of = ''")  # another day is for who may ask for it
    become(bank, "tidemark_bi")
    visible = bank.execute("""
        SELECT nspname FROM pg_namespace
        WHERE has_schema_privilege(oid, 'USAGE') AND nspname NOT IN ('public', 'information_schema') AND nspname !~ '^pg_'
    """).fetchall()
    assert visible == [("bi",)]
    assert any("model_risk" in view for view in views)
    assert [view for view in views if refused(bank, f"SELECT count(*) FROM {view}")] == []


def test_only_rules_are_open_to_everybody(conn: psycopg.Connection[Any]) -> None:
    open_to_all = conn.execute("""
        SELECT pro.proname FROM pg_proc AS pro
        CROSS JOIN LATERAL aclexplode(coalesce(pro.proacl, acldefault('f', pro.proowner))) AS acl
        WHERE pro.pronamespace = 'model_risk'::regnamespace AND acl.grantee = 0 AND acl.privilege_type = 'EXECUTE'
        ORDER BY pro.proname COLLATE "C"
    """).fetchall()
    assert [name for (name,) in open_to_all] == RULES


def test_no_relation_is_open_to_everybody(conn: psycopg.Connection[Any]) -> None:
    assert (
        conn.execute("""
        SELECT cls.relname FROM pg_class AS cls CROSS JOIN LATERAL aclexplode(cls.relacl) AS acl
        WHERE cls.relnamespace IN ('model_risk'::regnamespace, 'bi'::regnamespace) AND acl.grantee = 0
    """).fetchall()
        == []
    )

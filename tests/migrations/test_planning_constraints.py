"""Every constraint of planning refuses the row that violates it alone, and lets the row beside it pass."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import sql

pytestmark = pytest.mark.once


def key(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


NEW, NOTHING = key(9001), key(9999)
PEOPLE = {"business_sponsor": "b", "technical_lead": "t"}
# One row of each table, in the order in which they can be made; a case is such a row with another id and some columns otherwise.
ROWS: dict[str, dict[str, Any]] = {
    "portfolios": {"id": key(1), "name": "p", "description": "d", "owner": "o", "reporting_start_date": "2025-01-01", "reporting_end_date": "2025-12-31"},
    "programs": {"id": key(2), "portfolio_id": key(1), "name": "p", **PEOPLE, "program_manager": "m", "start_date": "2025-01-01", "end_date": "2025-12-31"},
    "projects": {"id": key(3), "program_id": key(2), "name": "p", **PEOPLE, "project_manager": "m", "start_date": "2025-01-01", "end_date": "2025-12-31",
                 "cost_center_code": "CC-1"},
    "project_phases": {"id": key(4), "project_id": key(3), "name": "p", "start_date": "2025-01-01", "end_date": "2025-03-31"},
    "worker_types": {"id": key(5), "type": "t", "description": "d"},
    "rates": {"id": key(6), "worker_type_id": key(5), "rate_amount": 100, "start_date": "2025-01-01", "end_date": "2025-06-30"},
    "workers": {"id": key(7), "worker_type_id": key(5), "external_id": "W1", "name": "w"},
    "resource_roles": {"id": key(8), "name": "r"},
    "resources": {"id": key(9), "name": "r", "resource_type": "LABOR", "worker_id": key(7), "resource_role_id": key(8)},
    "resource_assignments": {"id": key(10), "resource_id": key(9), "project_id": key(3), "assignment_date": "2025-01-02", "capital_percentage": 50,
                             "expense_percentage": 50},
    "nonlabor_plan_lines": {"id": key(12), "project_id": key(3), "resource_id": key(11), "name": "n", "method": "MANUAL", "cost_treatment": "CAPITAL",
                            "currency_code": "USD", "total_amount": 1},
    "nonlabor_plan_occurrences": {"id": key(13), "plan_line_id": key(12), "occurrence_date": "2025-01-02", "base_amount": 1, "source": "MANUAL"},
    "users": {"id": key(14), "username": "u", "email": "u@x"},
    "permissions": {"permission": "fly"},
    "role_permissions": {"role_type": "viewer", "permission": "fly"},
    "user_roles": {"id": key(15), "user_id": key(14), "role_type": "viewer"},
    "scope_assignments": {"id": key(16), "user_role_id": key(15), "scope_type": "project", "project_id": key(3)},
    "actual_import_batches": {"id": key(17), "source_type": "labor", "actuals_through_date": "2025-01-02", "imported_by_user_id": key(14)},
    "actuals": {"id": key(18), "project_id": key(3), "resource_id": key(9), "import_batch_id": key(17), "external_worker_id": "W1", "worker_name": "w",
                "allocation_percentage": 50, "actual_date": "2025-01-02", "actual_cost": 50, "capital_amount": 20, "expense_amount": 30},
    "import_codes": {"code": "A_CODE", "position": 9001, "column_name": "c", "message": "m"},
}  # fmt: skip
FREE = {  # columns that must differ in a second row
    "projects": {"cost_center_code": "CC-2"},
    "project_phases": {"start_date": "2025-04-01", "end_date": "2025-04-01"},
    "worker_types": {"type": "t2"},
    "rates": {"start_date": "2025-07-01", "end_date": None},
    "workers": {"external_id": "w1"},  # ids of workers differ by case
    "resource_roles": {"name": "r2"},
    "resources": {"resource_type": "NON_LABOR", "worker_id": None, "resource_role_id": None},
    "resource_assignments": {"assignment_date": "2025-01-03"},
    "nonlabor_plan_occurrences": {"occurrence_date": "2025-01-03"},
    "users": {"username": "u2", "email": "u2@x"},
    "permissions": {"permission": "swim"},
    "role_permissions": {"role_type": "admin"},
    "user_roles": {"role_type": "admin"},
    "import_codes": {"code": "B_CODE", "position": 9002},
}
SCHEDULE = {
    "schedule_start": "2025-01-01",
    "schedule_end": "2025-01-01",
    "frequency": "DAILY",
    "period_placement": "PERIOD_START",
}
LINE = {"method": "STRAIGHT_LINE", **SCHEDULE}
# constraint without the name of its table, and what violates it; a list: each of them does
CASES: dict[str, dict[str, dict[str, Any] | list[dict[str, Any]]]] = {
    "portfolios": {"reporting_starts_before_end_check": {"reporting_end_date": "2025-01-01"}},
    "programs": {"start_before_end_check": {"end_date": "2025-01-01"}, "portfolio_id_fkey": {"portfolio_id": NOTHING}},
    "projects": {
        "start_before_end_check": {"end_date": "2025-01-01"}, "program_id_fkey": {"program_id": NOTHING}, "cost_center_code_key": {"cost_center_code": "CC-1"},
    },
    "project_phases": {
        "start_not_after_end_check": {"end_date": "2025-03-31"},
        "budgets_not_negative_check": [
            {one: -1, other: 1}
            for one, other in (
                ("labor_capital_budget", "labor_expense_budget"), ("labor_expense_budget", "nonlabor_capital_budget"),
                ("nonlabor_capital_budget", "nonlabor_expense_budget"), ("nonlabor_expense_budget", "labor_capital_budget"),
            )
        ],
        "budgets_make_the_total_check": [{"total_budget": 0.01}, {"labor_expense_budget": 1}, {"nonlabor_expense_budget": 0.01, "total_budget": 0.02}],
        "project_id_fkey": {"project_id": NOTHING},
        "project_id_days_excl": [{"start_date": "2025-03-31"}, {"start_date": "2024-12-01", "end_date": "2025-01-01"}, {"start_date": "2025-02-01", "end_date": "2025-02-01"}],
    },
    "worker_types": {"type_key": {"type": "t"}},
    "rates": {
        "amount_positive_check": [{"rate_amount": 0}, {"rate_amount": -1}], "start_before_end_check": {"end_date": "2025-07-01"},
        "worker_type_id_fkey": {"worker_type_id": NOTHING},
        "worker_type_id_days_excl": [{"start_date": "2025-06-30"}, {"start_date": "2024-01-01", "end_date": "2025-01-01"}, {"start_date": "2024-01-01"}],
    },
    "workers": {"worker_type_id_fkey": {"worker_type_id": NOTHING}, "external_id_key": {"external_id": "W1"}},
    "resource_roles": {"name_key": {"name": "r"}},
    "resources": {
        "resource_type_is_known_check": {"resource_type": "labor"},
        "labor_has_worker_and_role_check": [
            {"resource_type": "LABOR"}, {"resource_type": "LABOR", "worker_id": key(70)}, {"resource_type": "LABOR", "resource_role_id": key(8)},
            {"worker_id": key(70)}, {"resource_role_id": key(8)},
        ],
        "worker_id_fkey": {"resource_type": "LABOR", "worker_id": NOTHING, "resource_role_id": key(8)},
        "resource_role_id_fkey": {"resource_type": "LABOR", "worker_id": key(70), "resource_role_id": NOTHING},
        "worker_id_key": {"resource_type": "LABOR", "worker_id": key(7), "resource_role_id": key(8)},
    },
    "resource_assignments": {
        "capital_in_range_check": {"capital_percentage": -0.01, "expense_percentage": 0},
        "expense_in_range_check": {"capital_percentage": 0, "expense_percentage": -0.01},
        "sum_not_above_100_check": {"capital_percentage": 50.01},
        "resource_id_fkey": [{"resource_id": NOTHING}, {"resource_id": key(11)}],  # 11 is no person
        "project_id_fkey": {"project_id": NOTHING},
        "resource_id_project_id_assignment_date_key": {"assignment_date": "2025-01-02"},
    },
    "nonlabor_plan_lines": {
        "project_id_fkey": {"project_id": NOTHING}, "resource_id_fkey": [{"resource_id": NOTHING}, {"resource_id": key(9)}],  # 9 is a person
        "forecast_basis_is_cash_check": {"forecast_basis": "ACCRUAL"}, "method_is_known_check": {"method": "manual"},
        "cost_treatment_is_known_check": {"cost_treatment": "BOTH"}, "total_not_negative_check": {"total_amount": -0.0001},
        "schedule_start_not_after_end_check": LINE | {"schedule_start": "2025-01-02"}, "frequency_is_known_check": LINE | {"frequency": "WEEKLY"},
        "period_placement_is_known_check": LINE | {"period_placement": "MIDDLE"},
        "straight_line_has_schedule_check": [LINE | {column: None} for column in SCHEDULE], "status_is_known_check": {"status": "DONE"},
    },
    "nonlabor_plan_occurrences": {
        "plan_line_id_fkey": {"plan_line_id": NOTHING}, "plan_line_id_occurrence_date_key": {"occurrence_date": "2025-01-02"},
        "base_not_negative_check": {"base_amount": -0.0001}, "override_not_negative_check": {"override_amount": -0.0001},
        "source_is_known_check": {"source": "COPIED"},
    },
    "users": {"username_key": {"username": "u"}, "email_key": {"email": "u@x"}},
    "permissions": {"pkey": {"permission": "fly"}},
    "role_permissions": {"permission_fkey": {"permission": "dance"}, "pkey": {"role_type": "viewer"}},
    "user_roles": {
        "role_type_is_known_check": {"role_type": "owner"}, "user_id_fkey": {"user_id": NOTHING}, "user_id_role_type_key": {"role_type": "viewer"},
    },
    "scope_assignments": {
        "names_what_its_type_opens_check": [
            {"scope_type": "global"}, {"scope_type": "global", "project_id": None, "program_id": key(2)}, {"scope_type": "program"},
            {"scope_type": "program", "project_id": None}, {"scope_type": "program", "program_id": key(2)}, {"project_id": None},
            {"program_id": key(2)}, {"scope_type": "project", "project_id": None, "program_id": key(2)}, {"scope_type": "team"},
        ],
        "user_role_id_fkey": {"user_role_id": NOTHING}, "project_id_fkey": {"project_id": NOTHING},
        "program_id_fkey": {"scope_type": "program", "project_id": None, "program_id": NOTHING},
    },
    "actual_import_batches": {"source_type_is_known_check": {"source_type": "both"}, "imported_by_user_id_fkey": {"imported_by_user_id": NOTHING}},
    "actuals": {
        "project_id_fkey": {"project_id": NOTHING}, "resource_id_fkey": {"resource_id": NOTHING}, "import_batch_id_fkey": {"import_batch_id": NOTHING},
        "labor_has_all_three_check": [{"external_worker_id": None}, {"worker_name": None}, {"allocation_percentage": None},
                                      {"external_worker_id": None, "worker_name": None}],
        "percentage_in_range_check": [{"allocation_percentage": -0.01}, {"allocation_percentage": 100.01}],
        "amounts_not_negative_check": [{"capital_amount": -1, "expense_amount": 51}, {"capital_amount": 51, "expense_amount": -1},
                                       {"actual_cost": -2, "capital_amount": -1, "expense_amount": -1}],
        "amounts_make_the_cost_check": [{"actual_cost": 50.01}, {"capital_amount": 20.01}],
        "pkey": {"id": key(18)},
    },
    "import_codes": {"pkey": {"code": "A_CODE"}, "position_key": {"position": 9001}},
    "settings": {},
}  # fmt: skip
VIOLATIONS = [
    (table, f"{table}_{name}", other)
    for table, named in CASES.items()
    for name, given in named.items()
    for other in (given if isinstance(given, list) else [given])
]
# The ends of what is allowed: a day, a percentage, an amount on the edge.
ALLOWED = [
    ("portfolios", {"reporting_end_date": "2025-01-02"}),
    ("project_phases", {}),
    ("project_phases", {"labor_capital_budget": 0.01, "nonlabor_expense_budget": 0.02, "total_budget": 0.03}),
    ("rates", {"start_date": "2025-07-01", "end_date": "2025-07-02", "rate_amount": 0.01}),
    ("rates", {"start_date": "2024-01-01", "end_date": "2024-12-31"}),
    ("resources", {"resource_type": "LABOR", "worker_id": key(70), "resource_role_id": key(8)}),
    ("resource_assignments", {"capital_percentage": 0, "expense_percentage": 0}),
    ("resource_assignments", {"capital_percentage": 100, "expense_percentage": 0}),
    ("resource_assignments", {"capital_percentage": 0, "expense_percentage": 100}),
    ("nonlabor_plan_lines", {**LINE, "total_amount": 0}),
    ("nonlabor_plan_occurrences", {"override_amount": 0, "base_amount": 0}),
    ("scope_assignments", {}),  # the same scope twice does no harm
    ("scope_assignments", {"scope_type": "global", "project_id": None}),
    ("scope_assignments", {"scope_type": "program", "project_id": None, "program_id": key(2)}),
    ("actuals", {}),  # the same booking twice is two bookings
    ("actuals", {"allocation_percentage": 0, "actual_cost": 0, "capital_amount": 0, "expense_amount": 0}),
    ("actuals", {"allocation_percentage": 100, "import_batch_id": None}),
    ("actuals", {"external_worker_id": None, "worker_name": None, "allocation_percentage": None}),
]


@pytest.fixture(scope="module", name="filled")
def _filled(server: Any, applied_db: str) -> Iterator[psycopg.Connection[Any]]:
    with server.database(applied_db) as name, psycopg.connect(server.dsn(name)) as connection:
        for table, row in ROWS.items():
            insert(connection, table, row)
            if table == "workers":
                insert(connection, table, row | {"id": key(70), "external_id": "W2"})
            if table == "resources":
                insert(connection, table, {"id": key(11), "name": "n", "resource_type": "NON_LABOR"})
        connection.commit()
        yield connection


def insert(connection: psycopg.Connection[Any], table: str, row: dict[str, Any]) -> None:
    connection.execute(
        sql.SQL("INSERT INTO planning.{} ({}) VALUES ({})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join(sql.Placeholder() * len(row)),
        ),
        list(row.values()),
    )


def second(table: str, other: dict[str, Any]) -> dict[str, Any]:
    row = ROWS[table] | FREE.get(table, {})
    return row | ({"id": NEW} if "id" in row else {}) | other


@pytest.mark.parametrize(
    ("table", "constraint", "other"), VIOLATIONS, ids=[f"{one[1]}-{n}" for n, one in enumerate(VIOLATIONS)]
)
def test_the_row_is_refused(
    filled: psycopg.Connection[Any], table: str, constraint: str, other: dict[str, Any]
) -> None:
    try:
        with pytest.raises(psycopg.IntegrityError) as caught:
            insert(filled, table, second(table, other))
        # of a partitioned table the constraint of the partition may be named, by columns that begin alike
        assert caught.value.diag.constraint_name in {
            constraint,
            f"actuals_2025_q1{constraint.removeprefix('actuals')}",
        }
    finally:
        filled.rollback()


@pytest.mark.parametrize(("table", "other"), [*ALLOWED, *((table, {}) for table in ROWS)])
def test_the_row_beside_it_passes(filled: psycopg.Connection[Any], table: str, other: dict[str, Any]) -> None:
    try:
        insert(filled, table, second(table, other))
    finally:
        filled.rollback()


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("UPDATE planning.settings SET is_only = false", "settings_has_one_row_check"),
        ("UPDATE planning.settings SET default_rate = 0", "settings_default_rate_positive_check"),
        ("INSERT INTO planning.settings (default_rate) VALUES (1)", "settings_pkey"),
    ],
)  # fmt: skip
def test_the_change_is_refused(filled: psycopg.Connection[Any], change: str, constraint: str) -> None:
    try:
        with pytest.raises(psycopg.IntegrityError) as caught:
            filled.execute(change)
        assert caught.value.diag.constraint_name == constraint
    finally:
        filled.rollback()


REQUIRED_BY_KEY = {"resources_id_resource_type_key"}  # id alone is unique; foreign keys need the pair


def test_no_constraint_is_left_out(filled: psycopg.Connection[Any]) -> None:
    """Primary keys too, but those of an id alone."""
    found = filled.execute(
        """
        SELECT con.conname FROM pg_constraint AS con LEFT JOIN pg_attribute AS att ON att.attrelid = con.conrelid AND att.attnum = con.conkey[1]
        WHERE con.connamespace = 'planning'::regnamespace AND con.conparentid = 0 AND con.conislocal
            AND con.conrelid NOT IN (SELECT inhrelid FROM pg_inherits)
            AND (con.contype IN ('c', 'u', 'x', 'f') OR (con.contype = 'p' AND NOT (att.attname = 'id' AND cardinality(con.conkey) = 1)))
        """
    ).fetchall()
    filled.rollback()
    tested = {constraint for _, constraint, _ in VIOLATIONS} | REQUIRED_BY_KEY
    tested |= {"settings_has_one_row_check", "settings_default_rate_positive_check", "settings_pkey"}
    assert {name for (name,) in found} == tested


def test_a_scoped_program_or_project_cannot_be_deleted(filled: psycopg.Connection[Any]) -> None:
    try:
        filled.execute("DELETE FROM planning.actuals")
        filled.execute("DELETE FROM planning.resource_assignments")
        filled.execute("DELETE FROM planning.nonlabor_plan_lines")
        filled.execute("DELETE FROM planning.project_phases")
        with pytest.raises(psycopg.errors.ForeignKeyViolation) as caught:
            filled.execute("DELETE FROM planning.projects")
        assert caught.value.diag.constraint_name == "scope_assignments_project_id_fkey"
    finally:
        filled.rollback()


def test_what_hangs_on_a_deleted_row_goes_or_forgets_it(filled: psycopg.Connection[Any]) -> None:
    """Roles and scopes of a user, occurrences of a line; batches forget who imported, actuals forget their batch."""
    try:
        filled.execute("DELETE FROM planning.users")
        filled.execute("DELETE FROM planning.nonlabor_plan_lines")
        filled.execute("DELETE FROM planning.actual_import_batches WHERE imported_by_user_id IS NULL")
        counts = filled.execute(
            "SELECT (SELECT count(*) FROM planning.user_roles), (SELECT count(*) FROM planning.scope_assignments),"
            " (SELECT count(*) FROM planning.nonlabor_plan_occurrences), (SELECT count(*) FROM planning.actual_import_batches),"
            " (SELECT count(*) FROM planning.actuals WHERE import_batch_id IS NULL)"
        ).fetchone()
        assert counts == (0, 0, 0, 0, 1)
    finally:
        filled.rollback()


def test_every_foreign_key_has_an_index_on_its_columns(filled: psycopg.Connection[Any]) -> None:
    """The first columns of an index, in whatever order; of a pair with a constant column the first is enough."""
    found = filled.execute(
        """
        SELECT con.conname FROM pg_constraint AS con
        WHERE con.connamespace = 'planning'::regnamespace AND con.contype = 'f' AND con.conparentid = 0 AND NOT EXISTS (
            SELECT FROM pg_index AS idx WHERE idx.indrelid = con.conrelid AND idx.indpred IS NULL AND idx.indkey[0] = con.conkey[1]
        )
        """
    ).fetchall()
    filled.rollback()
    assert found == []


INDEXES = {
    "ix_user_roles_user_active": "planning.user_roles user_id, is_active",
    "ix_scope_assignments_role_active": "planning.scope_assignments user_role_id, is_active",
    "ix_scope_assignments_program_active": "planning.scope_assignments program_id, is_active",
    "ix_scope_assignments_project_active": "planning.scope_assignments project_id, is_active",
    "ix_resource_assignments_resource_date": "planning.resource_assignments resource_id, assignment_date",
    "ix_resource_assignments_project_date": "planning.resource_assignments project_id, assignment_date",
    "ix_actuals_worker_date": "planning.actuals external_worker_id, actual_date",
    "ix_actuals_project_date": "planning.actuals project_id, actual_date",
    "ix_rates_worker_type_dates": "planning.rates worker_type_id, start_date, end_date",
    "ix_audit_logs_entity": "audit.entries table_name, (row_key::uuid), recorded_at",  # planning.audit_logs is a view of it
}


def test_the_promised_indexes_are_there(filled: psycopg.Connection[Any]) -> None:
    found = filled.execute(
        """
        SELECT cls.relname, idx.indrelid::regclass || ' ' || (
            SELECT string_agg(pg_get_indexdef(idx.indexrelid, place, TRUE), ', ' ORDER BY place) FROM generate_series(1, idx.indnkeyatts) AS place
        )
        FROM pg_index AS idx JOIN pg_class AS cls ON cls.oid = idx.indexrelid
        WHERE cls.relname = ANY(%s) AND idx.indisvalid
        """,
        [list(INDEXES)],
    ).fetchall()
    filled.rollback()
    assert dict(found) == INDEXES

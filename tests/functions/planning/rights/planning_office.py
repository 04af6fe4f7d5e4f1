"""The golden rows, and an office of people and projects that a test makes for itself."""

from __future__ import annotations

import csv
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

GOLDEN = Path(__file__).parents[3] / "golden" / "planning"
DAY = "2026-02-16"  # on which stored figures of the golden rows are right
EVERYTHING = [
    "portfolios",
    "programs",
    "projects",
    "project_phases",
    "worker_types",
    "rates",
    "workers",
    "resource_roles",
    "resources",
    "resource_assignments",
    "nonlabor_plan_lines",
    "nonlabor_plan_occurrences",
    "users",
    "user_roles",
    "scope_assignments",
    "actual_import_batches",
    "actuals",
]
TABLES = ["portfolios", "programs", "projects", "users", "user_roles", "scope_assignments"]
Connection = psycopg.Connection[Any]


def expected(name: str) -> list[dict[str, str]]:
    with (GOLDEN / "expected" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fill(dsn: str, tables: list[str] = TABLES) -> None:
    with psycopg.connect(dsn) as owner:
        for table in tables:
            text = (GOLDEN / "data" / f"planning.{table}.csv").read_text(encoding="utf-8")
            columns = text.split("\n", 1)[0]
            with owner.cursor().copy(
                f"COPY planning.{table} ({columns}) FROM STDIN WITH (FORMAT csv, HEADER true)"
            ) as copy:
                copy.write(text)


class Office:
    """A database that tests commit to. Each test makes its own people and projects, so none sees another's."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self._stack = ExitStack()
        self._pool = ThreadPoolExecutor(max_workers=8)
        self.main = self.session()

    def close(self) -> None:
        self._stack.close()
        self._pool.shutdown(wait=True)

    def session(self, dsn: str | None = None) -> Connection:
        connection = psycopg.connect(dsn or self.dsn, autocommit=True)
        self._stack.callback(connection.close)
        return connection

    def value(self, statement: str, *parameters: Any, by: Connection | None = None) -> Any:
        row = (by or self.main).execute(statement, parameters or None).fetchone()
        return row[0] if row else None

    def background(self, work: Any) -> Any:
        return self._pool.submit(work)

    def wait_until_blocked(self, session: Connection) -> None:
        pid = session.info.backend_pid
        until = time.monotonic() + 10
        while not self.value("SELECT cardinality(pg_blocking_pids(%s)) > 0", pid):
            assert time.monotonic() < until, "the session does not wait for anybody"
            threading.Event().wait(0.02)

    def program(self, portfolio: str | None = None) -> str:
        portfolio = portfolio or self.value(
            "INSERT INTO planning.portfolios (name, description, owner, reporting_start_date, reporting_end_date)"
            " VALUES ('p', 'p', 'p', '2025-01-01', '2026-01-01') RETURNING id::text"
        )
        return self.value(
            "INSERT INTO planning.programs (portfolio_id, name, business_sponsor, program_manager, technical_lead, start_date, end_date)"
            " VALUES (%s, 'p', 'b', 'm', 't', '2025-01-01', '2026-01-01') RETURNING id::text",
            portfolio,
        )

    def project(self, program: str, by: Connection | None = None) -> str:
        return self.value(
            "INSERT INTO planning.projects (program_id, name, business_sponsor, project_manager, technical_lead, start_date, end_date,"
            " cost_center_code) VALUES (%s, 'p', 'b', 'm', 't', '2025-01-01', '2026-01-01', %s) RETURNING id::text",
            program, uuid4().hex, by=by,
        )  # fmt: skip

    def user(self, **roles: Any) -> str:
        """A user with roles: ``viewer=None`` (no scope), ``"global"``, or ("program" | "project", id)."""
        name = uuid4().hex
        user = self.value(
            "INSERT INTO planning.users (username, email) VALUES (%s, %s) RETURNING id::text", name, name
        )
        for role_type, scope in roles.items():
            role = self.value(
                "INSERT INTO planning.user_roles (user_id, role_type) VALUES (%s, %s) RETURNING id::text",
                user,
                role_type,
            )
            if scope:
                kind, target = (scope, None) if scope == "global" else scope
                self.main.execute(
                    "INSERT INTO planning.scope_assignments (user_role_id, scope_type, program_id, project_id)"
                    " VALUES (%(role)s, %(kind)s, CASE %(kind)s WHEN 'program' THEN %(target)s::uuid END,"
                    " CASE %(kind)s WHEN 'project' THEN %(target)s::uuid END)",
                    {"role": role, "kind": kind, "target": target},
                )
        return user

    def role(self, user: str, role_type: str) -> str:
        return self.value(
            "SELECT id::text FROM planning.user_roles WHERE user_id = %s AND role_type = %s", user, role_type
        )

    def scope(self, user: str) -> str:
        return self.value(
            "SELECT sco.id::text FROM planning.scope_assignments AS sco JOIN planning.user_roles AS rol ON rol.id = sco.user_role_id"
            " WHERE rol.user_id = %s",
            user,
        )

    def may(self, user: str, permission: str, entity: str | None, kind: str = "project", by: Any = None) -> bool:
        return self.value("SELECT planning.may(%s, %s, %s, %s)", user, permission, entity, kind, by=by)

    def is_right(self) -> bool:
        return self.value("SELECT is_equal FROM refresh.verify('planning.user_access_by_role')")


def worker(office: Office, project: str, planned: dict[str, int], worked: dict[str, tuple[int, int]]) -> str:
    """A resource without any rate, with what is planned (percentage) and worked (percentage, cost) by day."""
    name = uuid4().hex
    resource = office.value(
        "WITH kind AS (INSERT INTO planning.worker_types (type, description) VALUES (%(name)s, 'd') RETURNING id),"
        " person AS (INSERT INTO planning.workers (worker_type_id, external_id, name) SELECT id, %(name)s, 'n' FROM kind RETURNING id),"
        " role AS (INSERT INTO planning.resource_roles (name) VALUES (%(name)s) RETURNING id)"
        " INSERT INTO planning.resources (name, resource_type, worker_id, resource_role_id)"
        " SELECT 'r', 'LABOR', person.id, role.id FROM person, role RETURNING id::text".replace("%(name)s", "%s"),
        name, name, name,
    )  # fmt: skip
    for day, percentage in planned.items():
        office.main.execute(
            "INSERT INTO planning.resource_assignments (resource_id, project_id, assignment_date, capital_percentage, expense_percentage)"
            " VALUES (%s, %s, %s, %s, 0)",
            [resource, project, day, percentage],
        )
    for day, (percentage, cost) in worked.items():
        office.main.execute(
            "INSERT INTO planning.actuals (project_id, resource_id, external_worker_id, worker_name, allocation_percentage, actual_date,"
            " actual_cost, capital_amount, expense_amount) VALUES (%s, %s, %s, 'n', %s, %s, %s, %s, 0)",
            [project, resource, name, percentage, day, cost, cost],
        )
    return name

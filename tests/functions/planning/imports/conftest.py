"""A small office: two projects of one program, a few people with rates and plans. One database for the module, emptied between tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import namedtuple_row

from tidemark import db
from tidemark.config import Settings
from tidemark.load import uploads
from tidemark.steps import finish

IDS = {
    name: f"00000000-0000-4000-8000-{number:012d}"
    for number, name in enumerate(
        [
            "portfolio",
            "program",
            "north",
            "south",
            "consultant",
            "ann",
            "bob",
            "lea",
            "r_ann",
            "r_bob",
            "licence",
            "role",
            "admin",
            "viewer",
            "lead",
            "nobody",
        ],
        1,
    )
}
PEOPLE = """
    INSERT INTO planning.portfolios (id, name, description, owner, reporting_start_date, reporting_end_date)
    VALUES (%(portfolio)s, 'All', 'x', 'x', '2025-01-01', '2026-01-01');
    INSERT INTO planning.programs (id, portfolio_id, name, business_sponsor, program_manager, technical_lead, start_date, end_date)
    VALUES (%(program)s, %(portfolio)s, 'One', 'x', 'x', 'x', '2025-01-01', '2026-01-01');
    INSERT INTO planning.projects
    (id, program_id, name, business_sponsor, project_manager, technical_lead, start_date, end_date, cost_center_code)
    VALUES (%(north)s, %(program)s, 'North', 'x', 'x', 'x', '2025-01-01', '2025-12-31', 'N'),
        (%(south)s, %(program)s, 'South', 'x', 'x', 'x', '2025-01-01', '2025-12-31', 'S');
    INSERT INTO planning.project_phases (project_id, name, start_date, end_date)
    VALUES (%(north)s, 'Default Phase', '2025-01-01', '2025-12-31'), (%(south)s, 'Default Phase', '2025-01-01', '2025-12-31');
    INSERT INTO planning.worker_types (id, type, description) VALUES (%(consultant)s, 'Consultant', 'x');
    INSERT INTO planning.rates (worker_type_id, rate_amount, start_date) VALUES (%(consultant)s, 1000, '2025-01-10');
    INSERT INTO planning.workers (id, worker_type_id, external_id, name)
    VALUES (%(ann)s, %(consultant)s, 'E1', 'Ann'), (%(bob)s, %(consultant)s, 'E2', 'Bob'), (%(lea)s, %(consultant)s, 'E3', 'Lea');
    INSERT INTO planning.resource_roles (id, name) VALUES (%(role)s, 'Any');
    INSERT INTO planning.resources (id, name, resource_type, worker_id, resource_role_id)
    VALUES (%(r_ann)s, 'Ann', 'LABOR', %(ann)s, %(role)s), (%(r_bob)s, 'Bob', 'LABOR', %(bob)s, %(role)s),
        (%(licence)s, 'Licence', 'NON_LABOR', NULL, NULL);
    INSERT INTO planning.resource_assignments (resource_id, project_id, assignment_date, capital_percentage, expense_percentage)
    VALUES (%(r_ann)s, %(north)s, '2025-03-03', 30, 20), (%(r_ann)s, %(south)s, '2025-03-03', 0, 40);
    INSERT INTO planning.users (id, username, email)
    VALUES (%(admin)s, 'admin', 'a@x'), (%(viewer)s, 'viewer', 'v@x'), (%(lead)s, 'lead', 'l@x');
    INSERT INTO planning.user_roles (id, user_id, role_type)
    VALUES (%(admin)s, %(admin)s, 'admin'), (%(viewer)s, %(viewer)s, 'viewer'), (%(lead)s, %(lead)s, 'project_manager');
    INSERT INTO planning.scope_assignments (user_role_id, scope_type, project_id)
    VALUES (%(admin)s, 'global', NULL), (%(viewer)s, 'global', NULL), (%(lead)s, 'project', %(north)s)
"""


class Office:
    """Sessions of the owner of the files, and short ways to load and to ask."""

    def __init__(self, dsn: str, folder: Path) -> None:
        self.dsn = dsn
        self.folder = folder
        self.settings = Settings(dsn=dsn, dsn_source="the tests")
        self.main = self.session()

    def session(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.dsn, autocommit=True, row_factory=namedtuple_row)

    def load(self, lines: str, dataset: str = "planning", **parameters: str) -> Any:
        """Loads a file; its records may name the office's things in braces. Gives the row of the upload."""
        path = self.folder / "file.csv"
        path.write_text(lines.format(**IDS))
        job = uploads.Job(dataset, str(path), parameters)
        return finish(uploads.load_file(lambda: db.connect(self.dsn), job)).upload

    def rows(self, query: str, **values: Any) -> list[Any]:
        return self.main.execute(query, IDS | values).fetchall()

    def value(self, query: str, **values: Any) -> Any:
        ((found,),) = self.rows(query, **values)
        return found

    def codes(self, upload: Any) -> list[tuple[int, str]]:
        found = self.rows(
            "SELECT row_no + 1, reason FROM load.issues JOIN planning.import_codes ON code = reason"
            " WHERE upload_id = %(upload)s ORDER BY row_no, position",
            upload=upload.upload_id,
        )
        return [tuple(row) for row in found]

    def refused(self, query: str, **values: Any) -> tuple[str | None, str | None]:
        """SQLSTATE and code of a statement that must be refused, with a hint."""
        with pytest.raises(psycopg.Error) as caught:
            self.rows(query, **values)
        assert caught.value.diag.message_hint
        return caught.value.sqlstate, caught.value.diag.constraint_name


@pytest.fixture(scope="module")
def office_db(server: Any, applied_db: str) -> Iterator[str]:
    """Connection string of a database with the people and nothing done yet."""
    with server.database(applied_db) as name:
        with psycopg.connect(server.owner_dsn(name), autocommit=True) as connection:
            for statement in PEOPLE.split(";\n"):
                connection.execute(statement, IDS)
        yield server.owner_dsn(name)


@pytest.fixture
def office(office_db: str, tmp_path: Path) -> Iterator[Office]:
    made = Office(office_db, tmp_path)
    yield made
    made.main.execute("TRUNCATE planning.actuals, planning.actual_import_batches CASCADE")
    made.main.execute("DELETE FROM load.uploads")
    made.main.execute(
        "DELETE FROM planning.resource_assignments WHERE created_at > (SELECT max(created_at) FROM planning.users)"
    )
    made.main.close()


@pytest.fixture
def wait_until_blocked() -> Callable[[psycopg.Connection[Any], int], None]:
    """Returns once the session with that process waits for a lock."""

    def wait(connection: psycopg.Connection[Any], process: int) -> None:
        for _ in range(1000):
            if connection.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [process]).fetchone()[0]:  # type: ignore[index]
                return
            connection.execute("SELECT pg_sleep(0.01)")
        raise AssertionError("the session was expected to wait for a lock")

    return wait
